"""Text that anybody can choose (a key, an error, a cause, a label), made safe for a person to read.

Whatever reaches a person goes through `one_line`: mail as text and as HTML, subjects, digests, terminals, pictures.
"""

import json
import unicodedata

HIDDEN = "·"
# A bucket and a key are shown whole: S3 takes names of 63 characters and keys of 1,024 bytes.
MOST_CHARACTERS = 1_100
NO_CAUSE = "No cause was given."
# Letters and marks that nobody sees, although Unicode does not count them as format characters
# (Default_Ignorable_Code_Point). U+FE00 to U+FE0F stay, because they choose the form of an emoji.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0") | {
    chr(code) for code in range(0xE0100, 0xE01F0)
}


def is_hidden(character: str) -> bool:
    """Tell whether a character breaks a line, directs text or a terminal, cannot be seen, or cannot be encoded."""
    return (unicodedata.category(character)[0] in "CZ" and character != " ") or character in BLANK


def visible(text: str) -> str:
    """Return text with `·` for each hidden character, a line break included; its length stays."""
    return "".join(HIDDEN if is_hidden(character) else character for character in text)


def one_line(text: str, most: int = MOST_CHARACTERS) -> str:
    """Return visible text of at most `most` characters: of a longer one both ends, which tell names apart."""
    if len(text) <= most:
        return visible(text)
    tail = most // 2
    return visible(f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}")


def plain_cause(cause: str) -> str:
    """Return the message of an error that Lambda wrapped in JSON, any other cause as it is; neither is safe yet."""
    try:
        document = json.loads(cause)
    except (ValueError, RecursionError):
        document = None
    match document:
        case {"errorMessage": str(message)}:
            return message or NO_CAUSE
    return cause or NO_CAUSE
