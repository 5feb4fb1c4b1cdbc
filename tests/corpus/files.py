"""Pictures as files: every format, and the notes that files carry."""

import io
import struct
import zlib
from typing import Any, Literal

import numpy as np
import pillow_heif
from PIL import ExifTags, Image, ImageCms

from tests.corpus.scene import scene

pillow_heif.register_heif_opener()
PNG_START = b"\x89PNG\r\n\x1a\n"
Turn = Image.Transpose
Array = np.ndarray[Any, Any]
# How a camera held in each way stores the scene: the inverse of what EXIF asks a viewer to do.
STORED = {
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_90,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_270,
}


def file(name: str, picture: Image.Image | None = None, **options: Any) -> bytes:
    """Return a picture (the scene) as a file of Pillow's format `name`."""
    buffer = io.BytesIO()
    (picture or scene()).save(buffer, name, **options)
    return buffer.getvalue()


def turned(name: str, orientation: int, **options: Any) -> bytes:
    """Return the scene stored turned, with the EXIF note that says so."""
    return file(name, scene().transpose(STORED[orientation]), exif=oriented(orientation), **options)


def oriented(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return exif.tobytes()


def transparent() -> Image.Image:
    """Return the scene fading out to the right."""
    picture = scene().convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").rotate(90).resize(picture.size).point(lambda v: min(255, v * 2)))
    return picture


def deep() -> Image.Image:
    """Return the scene in 16 bits of grey."""
    return scene().convert("I").point(lambda value: value * 257).convert("I;16")


def others() -> list[Image.Image]:
    """Return what follows the first picture of an animation: something without a face."""
    return [Image.new("RGB", scene().size, colour) for colour in ("red", "green", "blue")]


def profile(name: Literal["sRGB", "LAB"]) -> bytes:
    return bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes())


def wide_profile() -> bytes:
    """Return an ICC profile with other primaries than sRGB: its red and green columns change places."""
    data = bytearray(profile("sRGB"))
    count = struct.unpack(">I", data[128:132])[0]
    entries = {data[132 + 12 * i : 136 + 12 * i].decode(): 132 + 12 * i for i in range(count)}
    red, green = entries["rXYZ"], entries["gXYZ"]
    data[red + 4 : red + 12], data[green + 4 : green + 12] = data[green + 4 : green + 12], data[red + 4 : red + 12]
    return bytes(data).replace("sRGB built-in".encode("utf-16-be"), "Swapped color".encode("utf-16-be"))


def chunk(name: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, depth: int, kind: int, rows: bytes, extra: bytes = b"") -> bytes:
    """Return a PNG of filtered rows, for what Pillow does not write."""
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    parts = chunk(b"IHDR", header), extra, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return PNG_START + b"".join(parts)


def deep_colours() -> bytes:
    """Return the scene as a PNG with 16 bits in each of three colours."""
    picture = scene()
    line = picture.width * 3
    data = picture.tobytes()
    rows = (data[i : i + line] for i in range(0, len(data), line))
    doubled = (b"\0" + bytes(value for byte in row for value in (byte, byte)) for row in rows)
    return png(*picture.size, 16, 2, b"".join(doubled))


def noisy(width: int, height: int, scale: float) -> Image.Image:
    """Return the scene in grain, which no JPEG encoder can make small."""
    grain = Image.effect_noise((width, height), 90).convert("RGB")
    return Image.blend(scene(width, height, scale), grain, 0.5)
