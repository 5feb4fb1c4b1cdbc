"""Photos from the wild come out as a viewer shows them, and only damage is called damage."""

import io
import struct
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from imagelabels_shared.errors import CorruptImageError, UnsupportedFormatError
from imagelabels_shared.images.complaints import UNSUPPORTED, rejection
from imagelabels_shared.sandbox.parent import run
from normalize_image.sandbox import BOUNDS
from tests.corpus import tiff, wild
from tests.corpus.files import STORED, Array, chunk, file, oriented, turned
from tests.corpus.scene import scene
from tests.images import page
from tests.images.verdict import ends_of, judge
from validate_image.content import recognize
from validate_image.rules import examine

CLOSE = 6
ENCODING: dict[str, dict[str, Any]] = {"AVIF": {"speed": 10}}


def copy_of(data: bytes, folder: Path) -> tuple[Array, list[str]]:
    """Return the pixels of the copy, and what was done."""
    _picture, converted = judge(data, folder)
    assert converted is not None
    with Image.open(folder / "copy.jpg") as copy:
        return np.asarray(copy, dtype=int), converted["did"]


def test_both_byte_orders_give_the_same_picture(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65_535, 480 * 360).reshape(360, 480).astype("u2")
    little, _ = copy_of(tiff.tiff(ramp, tiff.GREY), tmp_path)
    big, _ = copy_of(tiff.tiff(ramp, tiff.GREY, order=">"), tmp_path)
    assert (little == big).all()
    assert abs(big - ramp / 257).max() < CLOSE


@pytest.mark.parametrize(
    ("values", "note"),
    [
        (wild.deep(0, 65_535), "reduced the colours to 8 bits"),
        (wild.deep(29_300, 30_400), "stretched the shades from 29,300 to 30,274 over the whole range"),
        (wild.broken_pixels(), "stretched the shades from 20 to 37.7 over the whole range"),
        (np.full((360, 480), 700, "u2"), "nothing can be seen: the whole picture is one shade"),
        (np.full((360, 480), np.nan, "f4"), "nothing can be seen: it holds no values"),
    ],
    ids=["wide", "thermal", "not numbers", "one shade", "no numbers"],
)
def test_the_report_says_how_deep_pixels_were_reduced(values: Array, note: str, tmp_path: Path) -> None:
    assert note in copy_of(tiff.tiff(values, tiff.GREY), tmp_path)[1]


def test_a_few_broken_pixels_do_not_decide_the_stretch(tmp_path: Path) -> None:
    values = wild.deep(29_300, 30_400)
    values[::50, ::50] = 0
    values[:2, :10] = 65_535
    seen, _ = copy_of(tiff.tiff(values, tiff.GREY), tmp_path)
    assert np.percentile(seen, 95) - np.percentile(seen, 5) > 50


@pytest.mark.parametrize("mode", ["I;16", "I;16B", "I", "F"])
def test_pillows_deep_modes_are_reduced_without_libvips_too(mode: str) -> None:
    """A 16-bit JPEG 2000 is one that only Pillow reads."""
    from normalize_image.pixels import ready  # noqa: PLC0415  # after the decoders are set up

    wide = Image.fromarray((wild.shades() * 65_535).astype("i4")).convert("I")
    picture = wide.convert("F") if mode == "F" else wide if mode == "I" else wide.convert("I;16")
    if mode == "I;16B":
        picture = Image.frombytes("I;16B", wide.size, (wild.shades() * 65_535).astype(">u2").tobytes())
    did: list[str] = []
    seen = np.asarray(ready(picture, did), dtype=int)
    assert abs(np.corrcoef(seen.ravel(), wild.shades().ravel())[0, 1]) > 0.999
    assert len(did) == 1


@pytest.mark.parametrize("kind", ["WEBP", "AVIF", "TIFF", "JPEG"])
@pytest.mark.parametrize("turn", [1, 6])
def test_only_exif_turns_a_photo(kind: str, turn: int, tmp_path: Path) -> None:
    """XMP says 6 in all of them; the picture is upright once EXIF has been followed."""
    options: dict[str, Any] = {"speed": 10} if kind == "AVIF" else {}
    if kind == "TIFF":
        data = file(kind, scene().transpose(STORED[6]) if turn == 6 else None, tiffinfo={700: wild.XMP, 274: turn})
    else:
        data = turned(kind, 6, xmp=wild.XMP, **options) if turn == 6 else file(kind, xmp=wild.XMP, **options)
    if kind == "JPEG":
        data += b"something behind"
    seen, did = copy_of(data, tmp_path)
    assert seen.shape[:2] == (360, 480)
    assert ("turned upright" in did) == (turn == 6)


def test_boxes_are_drawn_on_a_jpeg_that_only_xmp_turns() -> None:
    from imagelabels_shared.images.drawing import work  # noqa: PLC0415

    drawn = io.BytesIO()
    work({"boxes": [], "format": "PNG", "longest_side": 0}, io.BytesIO(file("JPEG", xmp=wild.XMP)), drawn)
    assert Image.open(drawn).size == (480, 360)


def test_what_follows_the_picture_does_not_count(tmp_path: Path) -> None:
    for name in ("second picture cut.mpo", "pictures behind.jpg"):
        seen, _ = copy_of(wild.CONVERTED[name](), tmp_path)
        assert abs(seen - np.asarray(scene(), dtype=int)).mean() < CLOSE


def test_a_large_photo_with_several_pictures_does_not_go_straight() -> None:
    """As Ultra HDR has them: the end of the file is the end of another picture."""
    behind = file("JPEG", Image.effect_noise((900, 900), 90).convert("RGB"), quality=100)
    index = wild.segment(0xE2, b"MPF\0II*\0" + bytes(40))
    data = file("JPEG")
    assert examine(ends_of(data[:2] + index + data[2:] + behind)).reasons[0] == "it holds several pictures"
    assert examine(ends_of(data + behind)).reasons == ["it does not end like a JPEG"]


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_that_lacks_more_than_its_end_marker_is_refused(progressive: bool, tmp_path: Path) -> None:  # noqa: FBT001
    data = file("JPEG", progressive=progressive)
    for missing in range(12, 400, 40):
        with pytest.raises(CorruptImageError, match="end of the photo is missing"):
            judge(data[:-missing], tmp_path)
        with pytest.raises(CorruptImageError, match="end of the photo is missing"):
            judge(data[:-missing] + bytes(missing + 5000), tmp_path)


@pytest.mark.parametrize("missing", [1, 2])
def test_the_report_tells_of_a_missing_end_marker(missing: int, tmp_path: Path) -> None:
    assert copy_of(file("JPEG")[:-missing], tmp_path)[1] == ["written again", "its end marker was missing"]


@pytest.mark.parametrize("code", [0xC3, 0xC9, 0xCA])
def test_lossless_and_arithmetic_jpegs_do_not_go_straight(code: int) -> None:
    data = file("JPEG").replace(b"\xff\xc0", bytes([0xFF, code]), 1)
    assert examine(ends_of(data)).reasons == ["its coding is unusual"]


@pytest.mark.parametrize("brand", [b"mif2", b"miaf", b"1pic", b"MiHB", b"MiHE", b"unif", b"zzzz"])
@pytest.mark.parametrize(("coded", "name"), [(b"heic", "HEIF"), (b"avif", "AVIF")])
def test_a_file_is_what_its_compatible_brands_say(brand: bytes, coded: bytes, name: str) -> None:
    assert recognize(struct.pack(">I4s4sI8s", 24, b"ftyp", brand, 0, b"mif1" + coded)) == name


@pytest.mark.parametrize("brand", [b"isom", b"mp42", b"qt  ", b"M4V "])
def test_a_video_with_a_picture_for_its_cover_is_a_video(brand: bytes) -> None:
    with pytest.raises(UnsupportedFormatError, match="video"):
        recognize(struct.pack(">I4s4sI8s", 24, b"ftyp", brand, 0, b"mif1heic"))


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_a_file_whose_brands_leave_its_coding_open_is_decoded(kind: str, tmp_path: Path) -> None:
    data = file(kind, scene(), **ENCODING.get(kind, {}))
    stop = int.from_bytes(data[:4])
    open_brands = b"mif1" + bytes(4) + b"mif1miaf".ljust(stop - 16, b"\0")
    assert copy_of(data[:8] + open_brands + data[stop:], tmp_path)[0].shape[:2] == (360, 480)


def test_an_arithmetic_jpeg_that_cannot_be_decoded_is_not_called_damaged(tmp_path: Path) -> None:
    """The scene's Huffman codes are no arithmetic codes; but which decoder has them is not the photo's fault."""
    with suppress(UnsupportedFormatError):
        judge(file("JPEG").replace(b"\xff\xc0", b"\xff\xc9", 1), tmp_path)


def test_a_cursor_is_still_a_cursor() -> None:
    with pytest.raises(UnsupportedFormatError, match="cursor"):
        recognize(b"\0\0\2\0\1\0\x20\x20\0\0\0\0\0\0\xa8\x10\0\0\x16\0\0\0" + bytes(100))


def test_a_turned_tiff_says_so(tmp_path: Path) -> None:
    assert copy_of(turned("TIFF", 6), tmp_path)[1] == ["converted from TIFF to JPEG", "turned upright"]


def test_the_channels_of_a_jpeg_2000_are_put_in_order(tmp_path: Path) -> None:
    seen, _ = copy_of(wild.channels_reversed(), tmp_path)
    assert abs(seen - np.asarray(scene(), dtype=int)).mean() < CLOSE


def clean_aperture() -> bytes:
    """Return an AVIF whose middle (400 by 300 pixels) is the picture (ISO/IEC 14496-12, 12.1.4)."""
    data = file("AVIF", speed=10)
    box = struct.pack(">I4s8I", 40, b"clap", 400, 1, 300, 1, 0, 1, 0, 1)
    old, new = b"\0\1\4\1\2\x83\4", b"\0\1\5\1\2\x83\4\x85"
    place = data.index(b"mdat") + 4
    grown = len(box) + 1
    parts = {name: data.index(name) - 4 for name in (b"meta", b"iprp", b"ipco", b"ipma")}
    changed = bytearray(data)
    for name, more in ((b"meta", grown), (b"iprp", grown), (b"ipco", len(box)), (b"ipma", 1)):
        size = int.from_bytes(data[parts[name] : parts[name] + 4])
        changed[parts[name] : parts[name] + 4] = (size + more).to_bytes(4)
    whole = bytes(changed).replace(struct.pack(">I", place), struct.pack(">I", place + grown), 1).replace(old, new, 1)
    return whole[: parts[b"ipma"]] + box + whole[parts[b"ipma"] :]


def test_an_avif_is_cropped_to_its_clean_aperture(tmp_path: Path) -> None:
    seen, did = copy_of(clean_aperture(), tmp_path)
    assert seen.shape[:2] == (300, 400)
    assert abs(seen - np.asarray(scene().crop((40, 30, 440, 330)), dtype=int)).mean() < CLOSE
    assert "cropped as the file says" in did


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
@pytest.mark.parametrize(("transfer", "white"), [(16, 0.58), (18, 0.75)], ids=["PQ", "HLG"])
def test_hdr_is_brought_to_ordinary_brightness(kind: str, transfer: int, white: float, tmp_path: Path) -> None:
    """The white of a page (203 cd/m², BT.2408) is well lit, as dark stays dark."""
    options = {"speed": 10} if kind == "AVIF" else {}
    picture = Image.new("RGB", (480, 360), "black")
    picture.paste((round(white * 255),) * 3, (0, 0, 240, 360))
    data = file(kind, picture, quality=100, **options)
    seen, did = copy_of(data.replace(b"colrnclx\0\1\0\r", b"colrnclx\0\x09\0" + bytes([transfer]), 1), tmp_path)
    assert seen[100, 100].min() > 0.58 * 255 + 25
    assert seen[100, 400].max() < CLOSE
    assert "brought the brightness of HDR to that of ordinary screens" in did


def test_a_preview_is_named_in_the_report(tmp_path: Path) -> None:
    _seen, did = copy_of(wild.RAWS["held upright.arw"](), tmp_path)
    assert did == ["converted from TIFF to JPEG", "from the preview in the RAW file, 1080 × 1440", "turned upright"]


@pytest.mark.parametrize("name", wild.UNSUPPORTED)
def test_an_intact_file_of_a_rare_kind_is_named_and_not_called_damaged(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormatError) as raised:
        judge(wild.UNSUPPORTED[name](), tmp_path)
    assert "not an image" not in str(raised.value)


@pytest.mark.parametrize(("pattern", "variant"), UNSUPPORTED)
def test_each_complaint_of_the_table_names_a_variant(pattern: str, variant: str) -> None:
    import re  # noqa: PLC0415

    words = re.sub(r"\(([^|)]*)[^)]*\)", r"\1", pattern).replace(".*", "12").split("|")[0]
    assert str(rejection(OSError(words))).startswith(f"The file is {variant}, which cannot be read.")


def test_the_table_of_variants_in_the_docs_is_what_happens() -> None:
    assert page.START + page.table() + page.END in page.PAGE.read_text(), "run `make docs`"


def _random_notes(kind: str, noise: bytes) -> bytes:
    """Return a photo with any bytes in the places of its metadata."""
    if kind == "PNG":
        names = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"iCCP", b"gAMA", b"cHRM", b"pHYs", b"tIME")
        return wild.in_png(*(chunk(name, noise) for name in names))
    if kind == "JPEG":
        data = file("JPEG")
        starts = (b"JFIF\0", b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"ICC_PROFILE\0", b"MPF\0")
        codes = (0xE0, 0xE1, 0xE1, 0xE2, 0xE2)
        segments = (wild.segment(code, start + noise) for code, start in zip(codes, starts, strict=True))
        photoshop = wild.segment(0xED, b"Photoshop 3.0\0" + noise)
        return data[:2] + b"".join(segments) + photoshop + wild.segment(0xFE, noise) + data[2:]
    if kind == "TIFF":
        return file("TIFF", tiffinfo={700: noise, 33723: noise, 34377: noise, 270: noise}, icc_profile=noise or b"x")
    options: dict[str, Any] = {"speed": 10} if kind == "AVIF" else {}
    return file(kind, exif=oriented(1), xmp=noise or b"x", **options)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "AVIF"])
@settings(max_examples=25, deadline=None)
@given(noise=st.binary(max_size=200))
def test_no_metadata_is_a_reason_to_refuse(kind: str, noise: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        judge(_random_notes(kind, noise), Path(folder))


def test_the_operators_log_has_the_decoders_words() -> None:
    with tempfile.TemporaryFile() as photo, tempfile.TemporaryFile() as result:
        photo.write(file("HEIF")[:3000])
        photo.flush()
        log = run("normalize_image.conversion", ["HEIF", False], photo=photo, result=result, bounds=BOUNDS).log
    for words in (
        "Unexpected end of file",
        "HEIF: RGB, 480 × 360",
        "3000 bytes",
        "libheif 1.",
        "Pillow 13",
        "libvips 8",
    ):
        assert words in log
