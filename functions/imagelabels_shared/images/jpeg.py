"""How many scans a JPEG has, by its bytes: a decoder goes over the whole picture once for each of them."""

import re

# A progressive JPEG has about ten scans; thousands of them make a small file that decodes for hours.
MAX_SCANS = 64
END = b"\xff\xd9"
# The marker, the length of what follows, and one to four colours: ITU T.81, B.2.3.
SCAN = re.compile(rb"\xff\xda\x00(?:\x08\x01|\x0a\x02|\x0c\x03|\x0e\x04)")


def scans(data: bytes) -> list[int]:
    """Return where scans start; those of thumbnails and of other pictures in the same file are among them."""
    return [scan.start() for scan in SCAN.finditer(data)]
