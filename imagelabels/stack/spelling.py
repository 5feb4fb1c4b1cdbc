"""The spellings of a key that look alike: each folder and the name may be in Unicode's NFC or NFD."""

import os
import unicodedata
from itertools import islice, product

from imagelabels.errors import UserError

# A key with five accented folders has 32 spellings; each costs a request or two.
MOST_SPELLINGS = 32


def in_unicode(typed: str) -> str:
    """Return what was typed as text; in a locale without UTF-8, Python has its bytes as lone surrogates.

    Raises UserError for bytes that are not UTF-8.
    """
    try:
        typed.encode()
    except UnicodeEncodeError:
        try:
            return os.fsencode(typed).decode()
        except UnicodeError as error:
            raise UserError(f"The name {typed} is not UTF-8, as every key in S3 is.") from error
    return typed


def spellings(key: str) -> set[str]:
    """Return the key with each of its segments in NFC and in NFD, and as it is; only the key for ASCII."""
    segments = [_both(segment) for segment in key.split("/")]
    return {key, *map("/".join, islice(product(*segments), MOST_SPELLINGS))}


def _both(segment: str) -> list[str]:
    return list(dict.fromkeys(unicodedata.normalize(form, segment) for form in ("NFC", "NFD")))
