"""Kinds of photo that people really have. Each shows the scene and must come out LABELLED, its face in its place."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from PIL import ImageCms

from tests.corpus import wild
from tests.corpus.files import (
    STORED,
    chunk,
    deep,
    deep_colours,
    file,
    noisy,
    oriented,
    others,
    profile,
    transparent,
    turned,
    wide_profile,
)
from tests.corpus.scene import Box, face, scene

Make = Callable[[], bytes]
SMALL: tuple[int, int, float] = (480, 360, 1.0)
ORDINARY = (1440, 1080, 4.0)
PANORAMA = (12_000, 600, 3.0)
# In black and white dots, and in grain, a face is one only when it is large.
DOTS = (2880, 2160, 6.0)
HEAVY = (4000, 3100, 8.0)


class Good(NamedTuple):
    """How to make the file; whether it must be converted; the size and scale of the scene in it."""

    make: Make
    converted: bool
    shape: tuple[int, int, float] = SMALL

    @property
    def face(self) -> Box:
        return face(*self.shape)


def _with_trailer(trailer: bytes) -> bytes:
    return file("JPEG") + trailer


def _late_note() -> bytes:
    """A PNG whose orientation stands behind its pixels, as the format allows."""
    data = file("PNG", scene().transpose(STORED[6]))
    note = oriented(6).removeprefix(b"Exif\0\0")
    return data[:-12] + chunk(b"eXIf", note) + data[-12:]


def _long_header() -> bytes:
    """A JPEG with 300 kB of other programs' notes before the picture."""
    data = file("JPEG")
    note = b"\xff\xed" + (60_002).to_bytes(2) + bytes(60_000)
    return data[:2] + note * 5 + data[2:]


def _tiff(**options: Any) -> Make:
    return functools.partial(file, "TIFF", **options)


def _grey() -> bytes:
    return file("JPEG", scene().convert("L"))


def _lab() -> bytes:
    colours = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    return file("TIFF", ImageCms.profileToProfile(scene(), *colours, outputMode="LAB"))


STRAIGHT: dict[str, Make] = {
    "baseline.jpg": lambda: file("JPEG", quality=90),
    "progressive.jpg": lambda: file("JPEG", progressive=True),
    "grey.jpg": _grey,
    "no chroma subsampling.jpg": lambda: file("JPEG", subsampling=0),
    "restart markers.jpg": lambda: file("JPEG", restart_marker_rows=1),
    "srgb profile.jpg": lambda: file("JPEG", icc_profile=profile("sRGB")),
    "wide profile.jpg": lambda: file("JPEG", icc_profile=wide_profile()),
    **{f"turned {how}.jpg": functools.partial(turned, "JPEG", how) for how in STORED},
    "broken exif.jpg": lambda: file("JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"),
    "zeros behind.jpg": lambda: _with_trailer(bytes(4096)),
    "rgb.png": lambda: file("PNG"),
    "grey.png": lambda: file("PNG", scene().convert("L")),
    "palette.png": lambda: file("PNG", scene().quantize(256)),
    "really a jpeg.heic": lambda: file("JPEG"),
    **wild.STRAIGHT,
}
CONVERTED: dict[str, Make] = {
    "cmyk.jpg": lambda: file("JPEG", scene().convert("CMYK")),
    "broken profile.jpg": lambda: file("JPEG", icc_profile=b"no profile at all" * 20),
    "several pictures.mpo": lambda: file("MPO", save_all=True, append_images=others()),
    "video behind.jpg": lambda: _with_trailer(b"\0\0\0\x18ftypmp42" + bytes(range(1, 256)) * 400),
    "long header.jpg": _long_header,
    "transparent.png": lambda: file("PNG", transparent()),
    "transparent grey.png": lambda: file("PNG", transparent().convert("LA")),
    "transparent palette.png": lambda: file("PNG", scene().quantize(255), transparency=0),
    "16 bits grey.png": lambda: file("PNG", deep()),
    "16 bits colours.png": deep_colours,
    "animated.png": lambda: file("PNG", save_all=True, append_images=others()),
    **{f"turned {how}.png": functools.partial(turned, "PNG", how) for how in (3, 6, 8)},
    "turned late.png": _late_note,
    "lossy.webp": lambda: file("WEBP"),
    "lossless.webp": lambda: file("WEBP", lossless=True),
    "transparent.webp": lambda: file("WEBP", transparent()),
    "animated.webp": lambda: file("WEBP", save_all=True, append_images=others()),
    "turned 6.webp": lambda: turned("WEBP", 6),
    "plain.avif": lambda: file("AVIF", speed=10),
    "transparent.avif": lambda: file("AVIF", transparent(), speed=10),
    "turned 8.avif": lambda: turned("AVIF", 8, speed=10),
    "animated.avif": lambda: file("AVIF", save_all=True, append_images=others(), speed=10),
    "plain.heic": lambda: file("HEIF"),
    "a heic named.jpg": lambda: file("HEIF"),
    "transparent.heic": lambda: file("HEIF", transparent()),
    "grey.heic": lambda: file("HEIF", scene().convert("L")),
    "several pictures.heic": lambda: file("HEIF", save_all=True, append_images=others()),
    **{f"turned {how}.heic": functools.partial(turned, "HEIF", how) for how in (3, 5, 6)},
    "plain.gif": lambda: file("GIF"),
    "transparent.gif": lambda: file("GIF", scene().quantize(255), transparency=0),
    "animated.gif": lambda: file("GIF", save_all=True, append_images=others(), duration=50, loop=0),
    "colours.bmp": lambda: file("BMP"),
    "palette.bmp": lambda: file("BMP", scene().quantize(256)),
    "plain.tif": _tiff(),
    "lzw.tif": _tiff(compression="tiff_lzw"),
    "deflate.tif": _tiff(compression="tiff_adobe_deflate"),
    "jpeg inside.tif": _tiff(compression="jpeg"),
    "wide profile.tif": _tiff(icc_profile=wide_profile()),
    "cmyk.tif": lambda: file("TIFF", scene().convert("CMYK")),
    "lab.tif": _lab,
    "16 bits.tif": lambda: file("TIFF", deep()),
    "floating point.tif": lambda: file("TIFF", scene().convert("F").point(lambda value: value / 255 + 0)),
    "transparent.tif": lambda: file("TIFF", transparent()),
    "several pages.tif": _tiff(save_all=True, append_images=others()),
    "turned 6.tif": lambda: turned("TIFF", 6),
    "big endian.tif": _tiff(big_tiff=True),
    "plain.jp2": lambda: file("JPEG2000"),
    "codestream.j2k": lambda: file("JPEG2000", no_jp2=True),
    **wild.CONVERTED,
}
LARGE = {
    "a header and much more.png": Good(lambda: file("PNG", scene(*ORDINARY)), converted=False, shape=ORDINARY),
    "a header and much more.jpg": Good(
        lambda: file("JPEG", scene(*ORDINARY), quality=100), converted=False, shape=ORDINARY
    ),
    "two colours.png": Good(lambda: file("PNG", scene(*DOTS).convert("1")), converted=True, shape=DOTS),
    "two colours.bmp": Good(lambda: file("BMP", scene(*DOTS).convert("1")), converted=True, shape=DOTS),
    "fax.tif": Good(lambda: file("TIFF", scene(*DOTS).convert("1"), compression="group4"), converted=True, shape=DOTS),
    "12,000 pixels wide.jpg": Good(lambda: file("JPEG", scene(*PANORAMA)), converted=True, shape=PANORAMA),
    "12,000 pixels wide.png": Good(lambda: file("PNG", scene(*PANORAMA)), converted=True, shape=PANORAMA),
    "over 15 MB.jpg": Good(
        lambda: file("JPEG", noisy(*HEAVY), quality=100, subsampling=0), converted=True, shape=HEAVY
    ),
    "over 15 MB.png": Good(lambda: file("PNG", noisy(*HEAVY), compress_level=1), converted=True, shape=HEAVY),
}
RAW = {name: Good(make, converted=True, shape=(*wild.LARGE_RAW, 3.0)) for name, make in wild.RAWS.items()}
GOOD = {
    **{name: Good(make, converted=False) for name, make in STRAIGHT.items()},
    **{name: Good(make, converted=True) for name, make in CONVERTED.items()},
    **LARGE,
    **RAW,
}
