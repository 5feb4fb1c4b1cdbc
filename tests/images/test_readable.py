"""No file that Pillow, libheif or libvips reads whole is called damaged, whatever its pixels and its compression."""

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import pyvips
from PIL import Image

from imagelabels_shared.errors import REJECTIONS, CorruptImageError
from tests.corpus.files import file
from tests.corpus.scene import scene
from tests.images.verdict import judge

SMALL = scene().resize((120, 90))
MODES = (
    "1",
    "L",
    "P",
    "LA",
    "PA",
    "La",
    "RGB",
    "RGBA",
    "RGBa",
    "RGBX",
    "CMYK",
    "YCbCr",
    "LAB",
    "HSV",
    "I",
    "I;16",
    "F",
)
FORMATS = ("JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP", "AVIF", "HEIF", "JPEG2000")
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "JPEG": [{}, {"progressive": True}, {"subsampling": 2, "restart_marker_blocks": 3}, {"keep_rgb": True}],
    "PNG": [{}, {"bits": 2}, {"save_all": True, "append_images": [SMALL]}],
    "TIFF": [
        *({"compression": name} for name in ("tiff_lzw", "packbits", "tiff_adobe_deflate", "tiff_deflate", "jpeg")),
        *({"compression": name} for name in ("group3", "group4", "tiff_ccitt", "lzma", "zstd", "tiff_raw_16")),
        *({}, {"big_tiff": True}, {"strip_size": 1}, {"tiffinfo": {262: 0}}),
    ],
    "WEBP": [{}, {"lossless": True}, {"exact": True, "method": 0}],
    "AVIF": [
        {"speed": 10},
        {"speed": 10, "subsampling": "4:4:4", "range": "limited"},
        {"speed": 10, "subsampling": "4:0:0"},
    ],
    "HEIF": [{}, {"chroma": 444}, {"quality": -1}],
    "JPEG2000": [{}, {"no_jp2": True}, {"irreversible": True, "tile_size": (128, 128)}],
}
BANDS = ("uchar", "char", "ushort", "short", "uint", "int", "float", "double", "complex")
TIFFS: list[dict[str, Any]] = [
    *({"compression": name} for name in ("none", "lzw", "deflate", "packbits", "jpeg", "webp", "ccittfax4")),
    *({"bigtiff": True}, {"tile": True}, {"pyramid": True, "tile": True}, {"miniswhite": True}, {"bitdepth": 1}),
    *({"bitdepth": 2}, {"bitdepth": 4}, {"compression": "deflate", "predictor": "float"}),
]


def written_by_pillow(kind: str) -> Iterator[tuple[str, bytes]]:
    for mode in MODES:
        with suppress(ValueError):
            picture = SMALL.convert("L").convert(mode) if mode in ("I;16", "PA") else SMALL.convert(mode)
            for options in OPTIONS.get(kind, [{}]):
                # Not every format takes every mode.
                with suppress(Exception):
                    yield f"{mode} {options}", file(kind, picture, **options)


def written_by_vips() -> Iterator[tuple[str, bytes]]:
    pixels = pyvips.Image.new_from_memory(SMALL.tobytes(), *SMALL.size, 3, "uchar").copy(interpretation="srgb")
    for bands in BANDS:
        for colours in (pixels, pixels.colourspace("b-w"), pixels.bandjoin(255), pixels.colourspace("lab")):
            for options in TIFFS:
                with suppress(pyvips.Error):
                    yield f"{bands} {options}", colours.cast(bands).tiffsave_buffer(**options)
    for depth in (1, 2, 4, 8, 16):
        yield f"PNG {depth}", pixels.cast("ushort" if depth == 16 else "uchar").pngsave_buffer(bitdepth=depth)
    for depth in (8, 10, 12):
        yield f"AVIF {depth}", pixels.heifsave_buffer(compression="av1", bitdepth=depth, effort=0)


def read_whole(data: bytes) -> bool:
    """Return whether one of the decoders reads the file without a complaint."""
    with suppress(Exception), Image.open(io.BytesIO(data)) as image:
        image.load()
        return True
    with suppress(pyvips.Error):
        pyvips.Image.new_from_buffer(data, "", fail_on="warning").write_to_memory()
        return True
    return False


def damaged(data: bytes, folder: Path) -> str:
    """Return the sentence that calls the file damaged, if it is called so."""
    try:
        judge(data, folder)
    except CorruptImageError as error:
        return f"{error} {error.__cause__!r}"
    except REJECTIONS:
        pass
    return ""


@pytest.mark.parametrize("kind", FORMATS)
def test_what_pillow_and_libheif_write_is_not_damaged(kind: str, tmp_path: Path) -> None:
    files = list(written_by_pillow(kind))
    assert len(files) > 2
    assert {name: said for name, data in files if read_whole(data) and (said := damaged(data, tmp_path))} == {}


def test_what_libvips_writes_is_not_damaged(tmp_path: Path) -> None:
    files = list(written_by_vips())
    assert len(files) > 200
    assert {name: said for name, data in files if read_whole(data) and (said := damaged(data, tmp_path))} == {}
