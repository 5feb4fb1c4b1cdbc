"""Running the conversion in the sandbox: a confined process of its own."""

from pathlib import Path
from typing import TypedDict

from imagelabels_shared.sandbox.confinement import Bounds
from imagelabels_shared.sandbox.step import sandboxed

# Memory: the function's memory size (infra/labelling.py) minus what its own process needs; a test compares them.
# Seconds: the slowest photo within the limits takes a quarter (measured: docs/images.md). File: a copy is first written
# at the best quality, and one of 100 megapixels of noise then has over 100 MB.
BOUNDS = Bounds(seconds=60, memory_bytes=2600 * 1024 * 1024, file_bytes=256 * 1024 * 1024)


class Converted(TypedDict):
    """The width and height of the original and of the copy in pixels, and what was changed, in words for the owner."""

    original: tuple[int, int]
    copy: tuple[int, int]
    did: list[str]


def convert_safely(original: Path, copy: Path, name: str, *, custom_labels: bool = False) -> Converted:
    """Convert a file of format `name`, for DetectCustomLabels too if that is so.

    Raises what `imagelabels_shared.sandbox.parent.Ended.result` raises.
    """
    with original.open("rb") as photo, copy.open("w+b") as result:
        converted: Converted = sandboxed(
            "normalize_image.conversion", [name, custom_labels], photo=photo, result=result, bounds=BOUNDS
        )
    return converted
