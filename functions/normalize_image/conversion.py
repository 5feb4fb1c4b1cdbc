"""The conversion, file to file: `python -m normalize_image.conversion ORIGINAL COPY FORMAT` runs it on its own.

A decoder is the one part of this system that a stranger's file talks to. Here it may run out of memory, hang or crash:
`sandbox` gives it no credentials, a bound on memory and one on time, and turns whatever happens into a rejection.
"""

import json
import resource
import sys
import traceback
from pathlib import Path
from typing import NamedTuple

from normalize_image.decoders import DECODERS, opened
from normalize_image.jpeg import write
from normalize_image.pixels import ready
from shared.limits import check_sides
from shared.pictures import REJECTIONS, decoding

# Under the function's memory size (infra/stack.py), less what its own process needs; a test holds the two together.
MAX_MEMORY_BYTES = 2600 * 1024 * 1024


class Converted(NamedTuple):
    """The sides of the original and of the copy in pixels, and what was done, for its owner to read."""

    original: tuple[int, int]
    copy: tuple[int, int]
    did: list[str]


def convert(original: Path, copy: Path, name: str) -> Converted:
    """Write an upright sRGB JPEG of the first picture in `original`, a file of format `name`.

    Raises UnsupportedFormatError, CorruptImageError, ImageTooSmallError or ImageTooLargeError.
    """
    decoder = DECODERS[name]
    did = ["written again" if name == "JPEG" else f"converted from {name} to JPEG"]
    with decoding(), original.open("rb") as file:
        image = opened(file, name, decoder)
        if getattr(image, "is_animated", False):
            did.append("took the first of several pictures")
        sides = image.size
        image.load()
        # A decoder may find other sides than the header promised.
        check_sides(*image.size)
        pixels = ready(image, did)
        return Converted(sides, write(pixels, copy, did), did)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    original, copy, name = sys.argv[1:]
    try:
        answer = {"converted": convert(Path(original), Path(copy), name)._asdict()}
    except REJECTIONS as error:
        # What the decoder itself said is for the operator's log, not for the photo's owner.
        traceback.print_exception(error)
        answer = {"rejected": {"error": type(error).__name__, "sentence": str(error)}}
    print(json.dumps(answer))  # noqa: T201  # the parent reads it


if __name__ == "__main__":
    main()
