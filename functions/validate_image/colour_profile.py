"""Checking a colour profile by the bytes of its header, without a library that parses it."""

# ICC.1:2022, 7.2: the profile's size, its colour space, the signature.
HEADER_BYTES = 128
SIZE, SPACE, SIGNATURE = slice(0, 4), slice(16, 20), slice(36, 40)
SPACES = {
    b"CMYK": {"CMYK"},
    b"GRAY": {"1", "I", "I;16", "L", "LA"},
    b"RGB ": {"P", "RGB", "RGBA"},
}


def plausible(profile: bytes, mode: str) -> bool:
    """Return whether these bytes can be the profile of a photo of this mode (Pillow's name for its colours)."""
    whole = HEADER_BYTES < int.from_bytes(profile[SIZE]) <= len(profile)
    return whole and profile[SIGNATURE] == b"acsp" and mode in SPACES.get(profile[SPACE], ())
