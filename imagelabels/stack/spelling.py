"""The spellings of a key that look alike: each folder and the name may be in Unicode's NFC or NFD."""

import unicodedata
from itertools import islice, product

# A key with five accented folders has 32 spellings; each costs a request or two.
MOST_SPELLINGS = 32


def spellings(key: str) -> set[str]:
    """Return the key with each of its segments in NFC and in NFD, and as it is; only the key for ASCII."""
    segments = [_both(segment) for segment in key.split("/")]
    return {key, *map("/".join, islice(product(*segments), MOST_SPELLINGS))}


def _both(segment: str) -> list[str]:
    return list(dict.fromkeys(unicodedata.normalize(form, segment) for form in ("NFC", "NFD")))
