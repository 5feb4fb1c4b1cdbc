"""Intact photos from the wild, made from the scene: unusual pixels, notes, brands, ends and RAW files."""

import functools
import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

from tests.corpus import tiff
from tests.corpus.files import STORED, Array, chunk, file, oriented, others, profile, transparent
from tests.corpus.scene import scene
from tests.corpus.tiff import GREY, INVERTED, LAB, PALETTE, RGB, packed

Make = Callable[[], bytes]
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
MIB = 1024 * 1024
END = b"\xff\xd9"


def colours() -> Array:
    """Return the scene's colours, 0 to 1."""
    return np.asarray(scene(), dtype=np.float64) / 255


def shades() -> Array:
    return np.asarray(scene().convert("L"), dtype=np.float64) / 255


def deep(low: float, high: float, kind: str = "u2") -> Array:
    """Return grey values between `low` and `high`, as a scanner, a microscope or a thermal camera stores them."""
    return (low + shades() * (high - low)).astype(kind)


def broken_pixels() -> Array:
    values = deep(20.0, 40.0, "f4")
    values[0, :3] = np.nan, np.inf, -np.inf
    return values


def with_alpha() -> Array:
    values = deep(0, 65_535)
    return np.stack([values, np.full_like(values, 65_535)], axis=-1)


def lab() -> Array:
    """Return the scene's lightness L* in 16 bits, without colour."""
    shade = shades()
    linear = np.where(shade <= 0.04045, shade / 12.92, ((shade + 0.055) / 1.055) ** 2.4)
    lightness = np.where(linear > 0.008856, 1.16 * np.cbrt(linear) - 0.16, 9.033 * linear)
    values = (lightness * 65_535).astype("u2")
    return np.stack([values, np.zeros_like(values), np.zeros_like(values)], axis=-1)


def png_16(values: Array) -> bytes:
    """Return a PNG with 16 bits in each colour."""
    height, width, *rest = values.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    header = struct.pack(">IIBBBBB", width, height, 16, 2 if rest else 0, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def in_png(*chunks: bytes) -> bytes:
    data = file("PNG")
    return data[:33] + b"".join(chunks) + data[33:]


def long_text() -> bytes:
    """A PNG with a history of 1.2 MB, as Photoshop and ComfyUI write them."""
    text = zlib.compress(b"brush " * 200_000)
    return in_png(chunk(b"zTXt", b"history\0\0" + text), chunk(b"iTXt", b"workflow\0\1\0\0\0" + text))


def broken_text() -> bytes:
    return in_png(chunk(b"tEXt", b"Comment\0hello")[:-4] + b"oops")


def large_profile() -> bytes:
    """A PNG with a colour profile of 1.5 MB: its tags are followed by a table that nothing points to."""
    data = bytearray(profile("sRGB")) + bytes(3 * MIB // 2)
    data[:4] = len(data).to_bytes(4)
    return in_png(chunk(b"iCCP", b"large\0\0" + zlib.compress(bytes(data))))


def segment(code: int, inside: bytes) -> bytes:
    return b"\xff" + bytes([code]) + (len(inside) + 2).to_bytes(2) + inside


def short_jfif() -> bytes:
    data = file("JPEG")
    return data[:2] + segment(0xE0, b"JFIF\0") + data[20:]


def second_picture_cut() -> bytes:
    data = file("MPO", save_all=True, append_images=others())
    return data[:-200]


def pictures_behind() -> bytes:
    return file("JPEG") + file("JPEG", progressive=True) * 10


def first_cut(*, progressive: bool) -> bytes:
    """A cut picture with a whole one behind it."""
    data = file("JPEG", progressive=progressive)
    return data[: len(data) // 2] + file("JPEG")


def branded(major: bytes, *compatible: bytes) -> bytes:
    """Return a HEIC with these brands."""
    data = file("HEIF")
    body = b"ftyp" + major + bytes(4) + b"".join(compatible)
    size = int.from_bytes(data[:4])
    # The places of the pixels are counted from the start of the file.
    body = body.ljust(size - 4, b"\0") if len(body) + 4 < size else body
    assert len(body) + 4 == size, "the brands must take as much room as before"
    return struct.pack(">I", size) + body + data[size:]


def channels_reversed() -> bytes:
    """A JPEG 2000 whose channels are blue, green, red, and which says so."""
    red, green, blue = scene().split()
    data = file("JPEG2000", Image.merge("RGB", (blue, green, red)))
    entries = b"".join(struct.pack(">HHH", channel, 0, place) for channel, place in ((0, 3), (1, 2), (2, 1)))
    box = struct.pack(">I4sH", 10 + len(entries), b"cdef", 3) + entries
    start = data.index(b"jp2h") - 4
    size = int.from_bytes(data[start : start + 4])
    header = struct.pack(">I", size + len(box)) + data[start + 4 : start + size] + box
    return data[:start] + header + data[start + size :]


def masked_bmp(bits: int, masks: tuple[int, int, int]) -> bytes:
    """Return a BMP whose colours lie under these bit masks."""
    pixels, values = colours(), np.zeros((360, 480), dtype=np.uint64)
    for index, mask in enumerate(masks):
        shift = (mask & -mask).bit_length() - 1
        values |= np.round(pixels[..., index] * (mask >> shift)).astype(np.uint64) << np.uint64(shift)
    data = values[::-1].astype(f"<u{bits // 8}").tobytes()
    header = struct.pack("<IiiHHIIiiII", 40, 480, 360, 1, bits, 3, len(data), 0, 0, 0, 0) + struct.pack("<III", *masks)
    return struct.pack("<2sIHHI", b"BM", 14 + len(header) + len(data), 0, 0, 14 + len(header)) + header + data


def preview(width: int = 480, height: int = 360, orientation: int = 1) -> bytes:
    """Return the JPEG that a camera stores in a RAW file, without notes."""
    picture = scene(width, height, 3.0 if width == LARGE_RAW[0] else 0.3)
    return file("JPEG", picture.transpose(STORED[orientation]) if orientation in STORED else picture)


def raw(start: bytes, *previews: bytes, orientation: int = 1, order: tiff.Order = "<") -> bytes:
    """Return a RAW file in the form of a TIFF, with a directory of sensor data, and JPEGs behind it."""
    sensor = bytes(range(256)) * 40
    tags = {254: 1, 256: 160, 257: 64, 258: 8, 259: 1, 262: 32_803, 274: orientation, 277: 1, 330: 8}
    data = tiff.written(sensor, tags, order=order)
    return start + data[len(start) :] + b"".join(previews)


LARGE_RAW = (1440, 1080)
STRAIGHT: dict[str, Make] = {
    "long history.png": long_text,
    "broken text.png": broken_text,
    "large profile.png": large_profile,
    "stale xmp.jpg": lambda: file("JPEG", xmp=XMP),
    "behind a thumbnail.jpg": lambda: file("JPEG", exif=oriented(1) + file("JPEG", scene().resize((160, 120)))),
}
TIFFS: dict[str, Make] = {
    "16 bits big endian.tif": lambda: tiff.tiff(deep(0, 65_535), GREY, order=">"),
    "16 bits white is zero.tif": lambda: tiff.tiff(65_535 - deep(0, 65_535), INVERTED),
    "16 bits white is zero big endian.tif": lambda: tiff.tiff(65_535 - deep(0, 65_535), INVERTED, order=">"),
    "16 bits signed.tif": lambda: tiff.tiff(deep(-30_000, 30_000, "i2"), GREY),
    "16 bits signed big endian.tif": lambda: tiff.tiff(deep(-30_000, 30_000, "i2"), GREY, order=">"),
    "32 bits.tif": lambda: tiff.tiff(deep(0, 4_294_967_295, "u4"), GREY),
    "32 bits big endian.tif": lambda: tiff.tiff(deep(0, 4_294_967_295, "u4"), GREY, order=">"),
    "32 bits signed.tif": lambda: tiff.tiff(deep(-2e9, 2e9, "i4"), GREY),
    "32 bits signed big endian.tif": lambda: tiff.tiff(deep(-2e9, 2e9, "i4"), GREY, order=">"),
    "float big endian.tif": lambda: tiff.tiff(deep(0, 1, "f4"), GREY, order=">"),
    "half float.tif": lambda: tiff.tiff(deep(0, 1, "f2"), GREY),
    "colours in half float.tif": lambda: tiff.tiff(colours().astype("f2"), RGB),
    "colours in float.tif": lambda: tiff.tiff(colours().astype("f4"), RGB),
    "colours in float big endian.tif": lambda: tiff.tiff(colours().astype("f4"), RGB, order=">"),
    "colours in 16 bits big endian.tif": lambda: tiff.tiff((colours() * 65_535).astype("u2"), RGB, order=">"),
    "colours in 32 bits.tif": lambda: tiff.tiff((colours() * 4_294_967_295).astype("u4"), RGB),
    "grey and alpha in 16 bits.tif": lambda: tiff.tiff(with_alpha(), GREY, more={338: 2}),
    "lab in 16 bits.tif": lambda: tiff.tiff(lab(), LAB),
    "big endian of over 4 GB.tif": lambda: tiff.tiff((colours() * 255).astype("u1"), RGB, order=">", big=True),
    "12 bits packed.tif": lambda: packed(deep(0, 4095), 12),
    "12 bits in 16.tif": lambda: tiff.tiff(deep(0, 4095), GREY),
    "14 bits in 16 big endian.tif": lambda: tiff.tiff(deep(0, 16_383), GREY, order=">"),
    "thermal camera.tif": lambda: tiff.tiff(deep(29_300, 30_400), GREY),
    "colours in 12 of 16 bits.tif": lambda: tiff.tiff((colours() * 4095).astype("u2"), RGB),
    "values that are not numbers.tif": lambda: tiff.tiff(broken_pixels(), GREY),
    "stale xmp.tif": lambda: file("TIFF", tiffinfo={700: XMP}),
    "one page of a reduced kind.tif": lambda: file("TIFF", tiffinfo={254: 1}),
}
RAWS: dict[str, Make] = {
    "adobe.dng": lambda: raw(b"II*\0", preview(160, 120), preview(*LARGE_RAW)),
    "nikon.nef": lambda: raw(b"MM\0*", preview(*LARGE_RAW), preview(160, 120), order=">"),
    "held upright.arw": lambda: raw(b"II*\0", preview(1440, 1080, 6), orientation=6),
    "olympus.orf": lambda: raw(b"IIRO", preview(*LARGE_RAW, 8), orientation=8),
    "panasonic.rw2": lambda: raw(b"IIU\0", preview(*LARGE_RAW)),
    "fujifilm.raf": lambda: b"FUJIFILMCCD-RAW 0201".ljust(148, b"\0") + preview(*LARGE_RAW) + bytes(5000),
    "canon.cr2": lambda: b"II*\0\x10\0\0\0CR\2\0".ljust(64, b"\0") + preview(*LARGE_RAW) + bytes(5000),
    "canon.cr3": lambda: struct.pack(">I4s4sI4s", 24, b"ftyp", b"crx ", 1, b"isom") + preview(*LARGE_RAW) + bytes(500),
}
CONVERTED: dict[str, Make] = {
    **TIFFS,
    "12 bits in 16.png": lambda: png_16(deep(0, 4095)),
    "colours in 12 of 16 bits.png": lambda: png_16((colours() * 4095).astype("u2")),
    "stale xmp.webp": lambda: file("WEBP", xmp=XMP),
    "stale xmp.avif": lambda: file("AVIF", xmp=XMP, speed=10),
    # Its encoder would turn the picture.
    "stale xmp.heic": lambda: file("HEIF", xmp=XMP.replace(b"6", b"1")).replace(XMP.replace(b"6", b"1"), XMP),
    "stale xmp.png": lambda: in_png(
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP), chunk(b"eXIf", oriented(1)[6:])
    ),
    "stale xmp of cmyk.jpg": lambda: file("JPEG", scene().convert("CMYK"), xmp=XMP),
    # Alpha's sides are missing in its properties, as old encoders wrote it.
    "transparent without sides.avif": lambda: file("AVIF", transparent(), speed=10).replace(
        b"\0\2\4\1\5\x86\7", b"\0\2\4\5\5\x86\7"
    ),
    "second picture cut.gif": lambda: file("GIF", save_all=True, append_images=[scene().rotate(9)])[:-2000],
    "no end marker.jpg": lambda: file("JPEG")[:-2],
    "half an end marker.jpg": lambda: file("JPEG")[:-1],
    "no end marker of a progressive.jpg": lambda: file("JPEG", progressive=True)[:-2],
    "no end marker but zeros.jpg": lambda: file("JPEG")[:-2] + bytes(4096),
    "short jfif.jpg": short_jfif,
    "second picture cut.mpo": second_picture_cut,
    "pictures behind.jpg": pictures_behind,
    "brand mif2.heic": lambda: branded(b"mif2", b"heic", b"mif1"),
    "brand 1pic.heic": lambda: branded(b"1pic", b"mif1", b"heic"),
    "channels reversed.jp2": channels_reversed,
    "masks of 32 bits.bmp": lambda: masked_bmp(32, (0x3FF00000, 0x000FFC00, 0x000003FF)),
    "masks of 16 bits.bmp": lambda: masked_bmp(16, (0x000F, 0x00F0, 0x0F00)),
}
UNSUPPORTED: dict[str, Make] = {
    "10 bits.tif": lambda: packed(deep(0, 1023), 10),
    "14 bits.tif": lambda: packed(deep(0, 16_383), 14),
    "double.tif": lambda: tiff.tiff(deep(0, 1, "f8"), GREY),
    "complex.tif": lambda: tiff.tiff(shades().astype("c8"), GREY),
    "palette of 16 bits.tif": lambda: tiff.tiff(deep(0, 65_535), PALETTE, more={320: [0] * 3 * 65_536}),  # type: ignore[dict-item]
    "jpeg-ls.jpg": lambda: file("JPEG").replace(b"\xff\xc0", b"\xff\xf7", 1),
    "12 bits.jpg": lambda: file("JPEG").replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c", 1),
    "hierarchical.jpg": lambda: file("JPEG").replace(b"\xff\xc0", b"\xff\xc5", 1),
    "avc inside.heic": lambda: file("HEIF").replace(b"hvc1", b"avc1"),
    "uncompressed.heic": lambda: file("HEIF").replace(b"hvc1", b"unci"),
    "sequence.heic": lambda: file("HEIF").replace(b"meta", b"moov"),
    "preview of 160 pixels.dng": lambda: raw(b"II*\0", preview(160, 120)),
    "no preview.cr2": lambda: b"II*\0\x10\0\0\0CR\2\0" + bytes(range(256)) * 8,
    "no preview.raf": lambda: b"FUJIFILMCCD-RAW 0201" + bytes(range(256)) * 8,
    "targa.tga": lambda: file("TGA"),
    "packed targa.tga": lambda: file("TGA", compression="tga_rle"),
    "portable.ppm": lambda: file("PPM"),
    "jpeg xr.jxr": lambda: b"II\xbc\1" + bytes(range(256)) * 8,
}
CORRUPT: dict[str, Make] = {
    "cut before a whole one.jpg": functools.partial(first_cut, progressive=False),
    "cut progressive before a whole one.jpg": functools.partial(first_cut, progressive=True),
}


def huge_avif() -> bytes:
    """An AVIF that says it has 17,000 pixels a side, which libavif refuses like a broken one."""
    data = io.BytesIO()
    scene().save(data, "AVIF", speed=10)
    sides = struct.pack(">4sIII", b"ispe", 0, *scene().size)
    return data.getvalue().replace(sides, struct.pack(">4sIII", b"ispe", 0, 17_000, 17_000))
