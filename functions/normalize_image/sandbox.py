"""Running the conversion where it can do no harm."""

from pathlib import Path
from typing import Any

from imagelabels_shared.sandbox.confinement import Bounds
from imagelabels_shared.sandbox.step import sandboxed
from normalize_image.converted import Converted

# Memory: under the function's memory size (infra/labelling.py), less what its own process needs; a test holds the two
# together. Seconds: measured, the slowest photo within the limits takes a quarter (docs/images.md). File: a copy is
# first written at the best quality, grain of 100 megapixels then has over 100 MB.
BOUNDS = Bounds(seconds=60, memory_bytes=2600 * 1024 * 1024, file_bytes=256 * 1024 * 1024)


def convert_safely(original: Path, copy: Path, name: str) -> Converted:
    """Convert in another process; raises what `imagelabels_shared.sandbox.parent.Ended.result` raises."""
    with original.open("rb") as photo, copy.open("w+b") as result:
        answer: dict[str, Any] = sandboxed(
            "normalize_image.conversion", name, photo=photo, result=result, bounds=BOUNDS
        )
    return Converted(**answer)
