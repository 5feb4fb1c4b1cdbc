"""The conversion of one file into another, which the child process of `normalize_image.sandbox` runs.

A decoder that reads an uploaded file may run out of memory, hang or crash; in the child this harms nothing else.
"""

import os
from typing import TYPE_CHECKING, BinaryIO

from imagelabels_shared.images.decoding import decoding
from imagelabels_shared.images.limits import check_sides
from normalize_image.decoders import DECODERS
from normalize_image.deep import VERSION
from normalize_image.encoding import write
from normalize_image.pillow_reader import libraries
from normalize_image.pixels import ready

if TYPE_CHECKING:
    # The child never imports the parent's module, which would start logging and metrics.
    from normalize_image.sandbox import Converted


def work(arguments: tuple[str, bool], original: BinaryIO, copy: BinaryIO) -> "Converted":
    """Do what `convert` does, with the arguments in the order of the sandbox."""
    name, custom_labels = arguments
    try:
        return convert(original, copy, name, custom_labels=custom_labels)
    except Exception as error:
        error.add_note(f"{name}, {original.seek(0, os.SEEK_END)} bytes; {libraries()}, {VERSION}")
        raise


def convert(original: BinaryIO, copy: BinaryIO, name: str, *, custom_labels: bool = False) -> "Converted":
    """Write an upright sRGB JPEG of the first picture in `original`, a file of format `name`.

    `custom_labels` says whether DetectCustomLabels must take the copy, too.
    Raises UnsupportedFormatError, CorruptImageError, ImageTooSmallError or ImageTooLargeError.
    """
    reader = DECODERS[name]
    did = ["written again" if name == "JPEG" else f"converted from {name} to JPEG"]
    with decoding():
        image = reader(original, did)
        sides = image.size
        image.load()
        # The decoded picture may have other sides than its header says.
        check_sides(*image.size)
        pixels = ready(image, did, custom_labels=custom_labels)
        return {"original": sides, "copy": write(pixels, copy, did), "did": did}
