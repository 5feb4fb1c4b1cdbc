"""The scans of a JPEG file: a decoder processes the whole picture once for each of them."""

import re

from imagelabels_shared.errors import CorruptImageError

# A progressive JPEG has about ten scans; a small file with thousands of them takes hours to decode.
MAX_SCANS = 64
END = b"\xff\xd9"
# The marker, the length of what follows, and one to four colours: ITU T.81, B.2.3.
SCAN = re.compile(rb"\xff\xda\x00(?:\x08\x01|\x0a\x02|\x0c\x03|\x0e\x04)")


def scans(data: bytes) -> list[int]:
    """Return the offsets of scans, including those of thumbnails and of other pictures in the same file."""
    return [scan.start() for scan in SCAN.finditer(data)]


def check_scans(data: bytes) -> None:
    """Raise CorruptImageError for a JPEG with too many scans, or without an end."""
    starts = scans(data)
    if len(starts) > MAX_SCANS:
        raise CorruptImageError("The photo is stored in more passes than any camera makes. Export it again as JPEG.")
    # A file whose end is overwritten with zeros decodes without an error: the missing part is grey.
    if starts and data.find(END, starts[-1]) < 0:
        raise CorruptImageError("The end of the photo is missing: the upload was cut off. Upload an intact copy.")
