"""Checking a JPEG before it is decoded: not too many scans, and an end."""

from imagelabels_shared.errors import CorruptImageError
from imagelabels_shared.images.jpeg_markers import MAX_SCANS, Picture, first_picture


def check_scans(data: bytes) -> None:
    """Raise CorruptImageError for a JPEG whose first picture has too many scans, or no end."""
    picture = first_picture(data)
    check_passes(picture)
    # A file whose end is overwritten with zeros decodes without an error: the missing part is grey.
    if picture.scans and not picture.ended:
        raise missing_end()


def check_passes(picture: Picture) -> None:
    """Raise CorruptImageError for a picture that would keep a decoder busy for minutes."""
    if len(picture.scans) > MAX_SCANS:
        raise CorruptImageError("The photo is stored in more passes than any camera makes. Export it again as JPEG.")


def missing_end() -> CorruptImageError:
    return CorruptImageError("The end of the photo is missing: the upload was cut off. Upload an intact copy.")
