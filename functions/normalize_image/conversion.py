"""The conversion, file to file: what `sandbox` runs in a child.

A decoder reads files that anybody may have made. Here it may run out of memory, hang or crash.
"""

from typing import Any, BinaryIO

from imagelabels_shared.images.decoding import decoding
from imagelabels_shared.images.limits import check_sides
from normalize_image.converted import Converted
from normalize_image.decoders import DECODERS, opened
from normalize_image.encoding import write
from normalize_image.pixels import ready


def work(name: str, original: BinaryIO, copy: BinaryIO) -> dict[str, Any]:
    return convert(original, copy, name)._asdict()


def convert(original: BinaryIO, copy: BinaryIO, name: str) -> Converted:
    """Write an upright sRGB JPEG of the first picture in `original`, a file of format `name`.

    Raises UnsupportedFormatError, CorruptImageError, ImageTooSmallError or ImageTooLargeError.
    """
    decoder = DECODERS[name]
    did = ["written again" if name == "JPEG" else f"converted from {name} to JPEG"]
    with decoding():
        image = opened(original, name, decoder)
        if getattr(image, "is_animated", False):
            did.append("took the first of several pictures")
        sides = image.size
        image.load()
        # A decoder may find other sides than the header promised.
        check_sides(*image.size)
        pixels = ready(image, did)
        return Converted(sides, write(pixels, copy, did), did)
