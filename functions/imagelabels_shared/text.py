"""Making untrusted text (a key, an error, a cause, a label) safe to show to a person.

All such text goes through `one_line` before it is shown: in mails, subjects, digests, terminals and pictures.
"""

import json
import unicodedata

HIDDEN = "·"
# Enough for any bucket and key: S3 takes names of 63 characters and keys of 1,024 bytes.
MOST_CHARACTERS = 1_100
NO_CAUSE = "No cause was given."
# Invisible letters and marks (Default_Ignorable_Code_Point) that are not in Unicode's category of format characters.
# U+FE00 to U+FE0F are not hidden, because they choose the form of an emoji.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0") | {
    chr(code) for code in range(0xE0100, 0xE01F0)
}


def is_hidden(character: str) -> bool:
    """Return whether a character breaks a line, controls a terminal or direction, is invisible or not encodable."""
    return (unicodedata.category(character)[0] in "CZ" and character != " ") or character in BLANK


def visible(text: str) -> str:
    """Return text of the same length with `·` in place of each hidden character, including line breaks."""
    return "".join(HIDDEN if is_hidden(character) else character for character in text)


def one_line(text: str, most: int = MOST_CHARACTERS) -> str:
    """Return visible text of at most `most` characters; of a longer text, its start, `…` and its end."""
    if len(text) <= most:
        return visible(text)
    tail = most // 2
    return visible(f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}")


def plain_cause(cause: str) -> str:
    """Return the `errorMessage` in a cause that Lambda wrote as JSON, or any other cause unchanged.

    The result is untrusted text: pass it through `one_line`.
    """
    try:
        document = json.loads(cause)
    except (ValueError, RecursionError):
        document = None
    match document:
        case {"errorMessage": str(message)}:
            return message or NO_CAUSE
    return cause or NO_CAUSE
