"""Numbers and steps that keep a stranger's file in bounds, each at its edge."""

import io
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from imagelabels_shared.errors import CorruptImageError, ImageTooLargeError, ImageTooSmallError
from imagelabels_shared.images.jpeg_scans import check_scans
from imagelabels_shared.images.limits import check_bytes, check_sides, fit
from imagelabels_shared.sandbox import parent
from imagelabels_shared.sandbox.confinement import Bounds
from normalize_image import conversion, decoders, pillow_reader
from normalize_image.pixels import ready
from tests.corpus.files import file
from tests.images.test_sandbox import UNFILTERED, tried
from tests.images.verdict import ends_of
from validate_image.rules import examine
from validate_image.s3_bytes import Ends

MIB = 1024 * 1024
START, SCAN, END = b"\xff\xd8", b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00", b"\xff\xd9"


def test_a_jpeg_may_have_64_scans_and_no_more() -> None:
    """A camera makes about ten; each one more is the whole picture decoded once more."""
    check_scans(START + SCAN * 64 + END)
    with pytest.raises(CorruptImageError, match="more passes than any camera makes"):
        check_scans(START + SCAN * 65 + END)


def test_the_end_of_a_thumbnail_is_not_the_end_of_the_photo() -> None:
    """A thumbnail stands before the photo's scans, and has an end of its own."""
    thumbnail = START + SCAN + END
    header = START + b"\xff\xe1" + (2 + len(thumbnail)).to_bytes(2) + thumbnail
    check_scans(header + SCAN + b"pixels" + END)
    with pytest.raises(CorruptImageError, match="The end of the photo is missing"):
        check_scans(header + SCAN + bytes(1000))


def test_an_end_in_the_header_is_not_the_end_of_the_photo() -> None:
    """What stands after the header is zeros: the upload was cut off, and the rest of the object was never written."""
    data = bytearray(file("JPEG", Pillow.new("L", (200, 100))))
    start = data.index(SCAN)
    # Where the scan's header has its spectral selection, which a decoder of the header does not read.
    data[start + 7 : start + 9] = END
    cut_off = bytes(data[: start + 10]) + bytes(2000)
    assert examine(Ends(cut_off, cut_off, len(cut_off))).reasons == ["it does not end like a JPEG"]


@pytest.mark.parametrize(("sides", "large_enough"), [((80, 80), True), ((79, 80), False), ((80, 79), False)])
def test_each_side_has_at_least_80_pixels(sides: tuple[int, int], large_enough: bool) -> None:  # noqa: FBT001  # a parameter of a test
    if large_enough:
        check_sides(*sides)
        return
    with pytest.raises(ImageTooSmallError, match="each side must be at least 80 pixels"):
        check_sides(*sides)


def test_a_strip_is_measured_as_it_would_be_scaled() -> None:
    check_sides(12_500, 100)
    with pytest.raises(ImageTooSmallError, match="a strip"):
        check_sides(12_700, 100)
    assert [fit(10_000, 80), fit(20_000, 1_000), fit(640, 480)] == [(10_000, 80), (10_000, 500), (640, 480)]


def test_custom_labels_take_4096_pixels_and_no_strips() -> None:
    """docs.aws.amazon.com/rekognition/latest/customlabels-dg/limits.html; a strip is for DetectLabels alone."""
    assert [fit(*sides, custom_labels=True) for sides in ((4096, 205), (8192, 410), (410, 8192), (8192, 400))] == [
        *((4096, 205), (4096, 205), (205, 4096), (8192, 400)),
    ]
    straight, long, strip = (file("PNG", Pillow.new("L", sides)) for sides in ((4096, 300), (4097, 300), (4097, 200)))
    reasons = [examine(ends_of(photo), custom_labels=True).reasons for photo in (straight, long, strip)]
    assert reasons == [[], ["a side is over 4,096 pixels"], []]
    assert examine(ends_of(long)).reasons == []


def test_a_photo_for_custom_labels_is_made_small_enough() -> None:
    copy = io.BytesIO()
    photo = io.BytesIO(file("PNG", Pillow.new("L", (5000, 300))))
    converted = conversion.convert(photo, copy, "PNG", custom_labels=True)
    assert Pillow.open(copy).size == converted["copy"] == (4096, 246)
    assert "scaled from 5000 × 300 to 4096 × 246 pixels" in converted["did"]


def test_a_file_may_have_128_mib_and_no_more() -> None:
    check_bytes(128 * MIB)
    with pytest.raises(ImageTooLargeError, match=r"^The file has 128 MiB; at most 128 MiB can be read"):
        check_bytes(128 * MIB + 1)


def test_a_jpeg_of_15_mib_goes_straight_on_and_one_byte_more_is_converted() -> None:
    """The limit is Rekognition's, for an object in S3: docs.aws.amazon.com/rekognition/latest/dg/limits.html."""
    photo = file("JPEG")
    assert examine(ends_of(photo.ljust(15_728_640, b"\0"))).reasons == []
    assert examine(ends_of(photo.ljust(15_728_641, b"\0"))).reasons == ["it has over 15 MiB"]


def test_of_some_formats_100_million_pixels_are_decoded_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """They hold a picture four times in memory while they decode."""
    for name in ("JPEG2000", "WEBP"):
        monkeypatch.setitem(Pillow.OPEN, name, (_opener(10_000, 10_001), None))
        with pytest.raises(ImageTooLargeError, match="at most 100 million"):
            pillow_reader.read(io.BytesIO(), name)
        monkeypatch.setitem(Pillow.OPEN, name, (_opener(10_000, 10_000), None))
        assert pillow_reader.read(io.BytesIO(), name).size == (10_000, 10_000)
    monkeypatch.setitem(Pillow.OPEN, "AVIF", (_opener(10_000, 10_001), None))
    assert pillow_reader.read(io.BytesIO(), "AVIF").size == (10_000, 10_001)


def _opener(width: int, height: int) -> Callable[[Any, Any], Pillow.Image]:
    """Return a decoder that has read nothing but a header."""

    def opener(_file: Any, _name: Any) -> Pillow.Image:
        image = Pillow.Image()
        image._size = width, height  # noqa: SLF001  # Pillow sets it so
        return image

    return opener


def test_the_sides_are_checked_again_when_the_picture_is_decoded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A header may promise other sides than the picture has."""

    class Shrinking(Pillow.Image):
        def load(self) -> Any:
            self._size = (79, 100)

    image = Shrinking()
    image._size, image._mode = (500, 500), "RGB"  # noqa: SLF001  # Pillow sets them so
    monkeypatch.setitem(decoders.DECODERS, "GIF", lambda *_: image)
    with (tmp_path / "copy.jpg").open("w+b") as copy, pytest.raises(ImageTooSmallError, match="79 × 100 pixels"):
        conversion.convert(io.BytesIO(), copy, "GIF")
    assert (tmp_path / "copy.jpg").read_bytes() == b""


def half_transparent(mode: str) -> Pillow.Image:
    """Return a picture whose left half is blue, and whose right half would be black if it were not transparent."""
    picture = Pillow.new("RGBA", (100, 100), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((0, 0, 49, 99), fill=(0, 0, 255, 255))
    return picture if mode == "RGBA" else picture.convert(mode)


def _palette() -> Pillow.Image:
    picture = Pillow.new("P", (100, 100), 1)
    picture.putpalette([0, 0, 255, 0, 0, 0])
    picture.paste(0, (0, 0, 50, 100))
    picture.info["transparency"] = 1
    return picture


def _keyed() -> Pillow.Image:
    picture = half_transparent("RGBA").convert("RGB")
    picture.info["transparency"] = (0, 0, 0)
    return picture


@pytest.mark.parametrize("kind", ["RGBA", "PA", "P", "RGB"])
def test_what_is_transparent_becomes_white(kind: str) -> None:
    """In every way that a file can say it: an alpha channel, an index of the palette, a colour."""
    made = {"P": _palette, "RGB": _keyed}.get(kind, lambda: half_transparent(kind))()
    did: list[str] = []
    flat = ready(made, did).convert("RGB")
    assert (flat.getpixel((10, 50)), flat.getpixel((90, 50))) == ((0, 0, 255), (255, 255, 255))
    assert did == ["put the transparent parts on white"]


def test_grey_that_is_transparent_becomes_white() -> None:
    did: list[str] = []
    flat = ready(half_transparent("LA"), did)
    assert (flat.mode, flat.getpixel((90, 50)), did) == ("L", 255, ["put the transparent parts on white"])


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_an_opaque_picture_with_an_alpha_channel_is_left_as_it_is(mode: str) -> None:
    did: list[str] = []
    assert ready(Pillow.new("RGBA", (100, 100), (50, 50, 50, 255)).convert(mode), did).getpixel((5, 5)) in {
        50,
        (50, 50, 50),
    }
    assert did == []


def test_the_child_has_exactly_the_limits_that_it_was_given() -> None:
    """Memory, processor time, size of files, dumps, open files; a child without the filter can tell."""
    bounds = Bounds(seconds=7, memory_bytes=900 * MIB, file_bytes=3 * MIB)
    told = tried("show_limits", module=UNFILTERED, bounds=bounds).result()[0]
    wanted = {"RLIMIT_AS": 900 * MIB, "RLIMIT_CPU": 7, "RLIMIT_FSIZE": 3 * MIB, "RLIMIT_CORE": 0, "RLIMIT_NOFILE": 0}
    hard = {name: min(most, _hard(name)) for name, most in wanted.items()}
    assert {name: told[name] for name in wanted} == {name: [most, most] for name, most in hard.items()}
    assert 256 <= told["RLIMIT_NPROC"][0] < 100_000


def _hard(name: str) -> float:
    """Return what this process itself may have at most."""
    most = resource.getrlimit(getattr(resource, name))[1]
    return float("inf") if most == resource.RLIM_INFINITY else most


def test_a_decoder_that_asks_for_more_memory_than_it_may_have_gets_none() -> None:
    bounds = Bounds(seconds=10, memory_bytes=400 * MIB, file_bytes=MIB)
    assert tried("take_memory", 500 * MIB, bounds=bounds).result() == "Cannot allocate memory"
    assert tried("take_memory", 50 * MIB, bounds=bounds).result()[0] == 50 * MIB


def test_the_child_gets_an_environment_of_four_names_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "PYTHONSTARTUP", "LD_PRELOAD", "HOME"):
        monkeypatch.setenv(name, "of the function")
    monkeypatch.setenv("LANG", "C.UTF-8")
    seen = tried("show_environment").result()[0]
    assert seen["LANG"] == "C.UTF-8"
    assert seen["MALLOC_ARENA_MAX"] == "1"
    assert set(seen) <= {"LD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE", "MALLOC_ARENA_MAX", "PYTHONPATH"}


def test_an_answer_has_at_most_16_kib() -> None:
    assert parent.MAX_ANSWER_BYTES == 16 * 1024
    assert len(str(tried("say", 15 * 1024).result()[0])) == 15 * 1024
    with pytest.raises(RuntimeError, match="The work on the photo failed"):
        tried("say", 17 * 1024).result()


def test_validation_reads_192_and_64_kib() -> None:
    """A header with its thumbnail and profile at the start, what phones write behind the picture at the end."""
    ends = ends_of(bytes(MIB))
    assert (len(ends.head), len(ends.tail), ends.bytes_read) == (192 * 1024, 64 * 1024, 256 * 1024)
