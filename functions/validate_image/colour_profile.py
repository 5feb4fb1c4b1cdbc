"""Whether a colour profile is one, and the photo's, by its header alone; nothing here opens it."""

# ICC.1:2022, 7.2: the profile's size, the space of the colours that it is for, the signature.
HEADER_BYTES = 128
SIZE, SPACE, SIGNATURE = slice(0, 4), slice(16, 20), slice(36, 40)
SPACES = {
    b"CMYK": {"CMYK"},
    b"GRAY": {"1", "I", "I;16", "L", "LA"},
    b"RGB ": {"P", "RGB", "RGBA"},
}


def plausible(profile: bytes, mode: str) -> bool:
    """Whether these bytes can be the profile of a photo of this mode (Pillow's name for its colours)."""
    whole = HEADER_BYTES < int.from_bytes(profile[SIZE]) <= len(profile)
    return whole and profile[SIGNATURE] == b"acsp" and mode in SPACES.get(profile[SPACE], ())
