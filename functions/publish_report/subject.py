"""The mail's subject: one short line, whatever the key contains."""

import unicodedata

# SNS: "UTF-8 text with no line breaks or control characters, and less than 100 characters" (Publish API).
MAX_CHARACTERS = 99


def one_line(text: str) -> str:
    """Show control characters, line breaks and direction marks as `·`, so that no text can break a line."""
    return "".join(
        "·" if unicodedata.category(character)[0] in "CZ" and character != " " else character for character in text
    )


def subject(lead: str, key: str) -> str:
    """Return `lead` and the photo's name; the start of a long name goes, its end tells photos apart."""
    name = one_line(key.rsplit("/", 1)[-1] or key)
    room = MAX_CHARACTERS - len(lead) - len(": ")
    return f"{lead}: {name if len(name) <= room else '…' + name[-(room - 1) :]}"
