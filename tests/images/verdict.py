"""What the rules of ValidateImage and NormalizeImage make of a file, in this process."""

import io
from pathlib import Path

from normalize_image.conversion import convert
from normalize_image.sandbox import Converted
from validate_image.rules import Picture, examine
from validate_image.s3_bytes import HEAD_BYTES, TAIL_BYTES, Ends


def ends_of(data: bytes) -> Ends:
    """Return what ValidateImage reads of a file."""
    whole = len(data) <= HEAD_BYTES
    return Ends(data[:HEAD_BYTES], data if whole else data[-TAIL_BYTES:], len(data))


def judge(data: bytes, folder: Path) -> tuple[Picture, Converted | None]:
    """Return what the file is and, if it had to be converted to `folder`/copy.jpg, what was done; or raise."""
    picture = examine(ends_of(data))
    if not picture.reasons:
        return picture, None
    with (folder / "copy.jpg").open("w+b") as copy:
        return picture, convert(io.BytesIO(data), copy, picture.format)
