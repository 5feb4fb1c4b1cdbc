"""Opening a photo with the decoders of its format only."""

from collections.abc import Callable
from typing import BinaryIO

from PIL import Image as Pillow

from normalize_image.bmp import read_bmp
from normalize_image.heif import read_heif
from normalize_image.jpeg import read_jpeg
from normalize_image.jpeg2000 import read_jpeg2000
from normalize_image.pillow_reader import note_several, read
from normalize_image.png import read_png
from normalize_image.raw_preview import read_preview
from normalize_image.tiff import read_tiff

Reader = Callable[[BinaryIO, list[str]], Pillow.Image]


def plain(decoder: str) -> Reader:
    """Return a reader of a format that needs nothing but Pillow's decoder of this name."""

    def reader(file: BinaryIO, did: list[str]) -> Pillow.Image:
        image = read(file, decoder)
        note_several(image, did)
        return image

    return reader


# Uploaded files never reach a decoder that is not in this list.
DECODERS: dict[str, Reader] = {
    "AVIF": lambda file, did: read_heif(file, "AVIF", did),
    "BMP": read_bmp,
    "GIF": plain("GIF"),
    "HEIF": lambda file, did: read_heif(file, "HEIF", did),
    "JPEG": read_jpeg,
    "JPEG 2000": read_jpeg2000,
    "PNG": read_png,
    "RAW": lambda file, did: read_preview(file.read(), did),
    "TIFF": read_tiff,
    "WebP": plain("WEBP"),
}
