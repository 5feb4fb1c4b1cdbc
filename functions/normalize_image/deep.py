"""Reading TIFF and PNG with libvips: more than 8 bits per colour, and kinds of TIFF that Pillow does not know."""

import array
import sys
from collections.abc import Sequence

import pyvips
from PIL import Image as Pillow

from imagelabels_shared.images.limits import check_pixels, check_sides
from normalize_image.levels import levels

# A file is read from its start to its end, twice: with more threads, lines are asked for in any order.
pyvips.vips_lib.vips_concurrency_set(1)
pyvips.cache_set_max(0)
UnreadableError = pyvips.Error
VERSION = "libvips " + ".".join(str(pyvips.version(part)) for part in range(3))
SAMPLES = 250_000
BYTE = 255
# The largest values of unsigned formats; signed numbers and floating point have no natural range.
FULL = {"uchar": 255.0, "ushort": 65_535.0, "uint": 4_294_967_295.0}
COLOUR_BANDS = 3


def read_deep(data: bytes, kind: str, did: list[str]) -> Pillow.Image:
    """Return 8-bit pixels, stretched when they use little of their range, of a file of `kind`: tiff, png or heif.

    Raises ImageTooSmallError or ImageTooLargeError, and pyvips.Error for what libvips does not read.
    """
    image = _opened(data, kind)
    sides = f"{image.width} × {image.height}"
    sys.stderr.write(f"libvips opened {kind}: {image.format}, {image.interpretation}, {image.bands} bands, {sides}\n")
    check_sides(image.width, image.height)
    check_pixels(image.width, image.height)
    if image.interpretation in {"lab", "labs", "labq", "cmyk"}:
        did.append("converted the colours to sRGB")
        return _pillow(image.colourspace("srgb"), {})
    colours = image.bands - image.hasalpha()
    colours = colours if colours in (1, COLOUR_BANDS) else 1
    shades = image.extract_band(0, n=colours)
    if image.format == "uchar":
        return _pillow(image.extract_band(0, n=colours + image.hasalpha()), _notes(image))
    found = levels(_samples(_opened(data, kind), colours), FULL.get(image.format))
    did.append(found.note)
    scale = BYTE / (found.white - found.black)
    # A value that is not a number becomes black.
    eight = shades.linear(scale, -found.black * scale).cast("uchar")
    if image.hasalpha():
        alpha = image.extract_band(image.bands - 1)
        eight = eight.bandjoin(alpha.linear(BYTE / FULL.get(image.format, 1.0), 0).cast("uchar"))
    return _pillow(eight, _notes(image))


def _notes(image: pyvips.Image) -> dict[str, object]:
    """Return the orientation and the colour profile, where the file has them."""
    names = {"orientation": "orientation", "icc-profile-data": "icc_profile"}
    return {ours: image.get(name) for name, ours in names.items() if image.get_typeof(name)}


def _opened(data: bytes, kind: str) -> pyvips.Image:
    return getattr(pyvips.Image, f"{kind}load_buffer")(data, access="sequential", fail_on="error")


def _samples(image: pyvips.Image, colours: int) -> Sequence[float]:
    """Return up to about 250,000 values of the colours."""
    step = max(1, int((image.width * image.height * colours / SAMPLES) ** 0.5))
    few = image.extract_band(0, n=colours).subsample(step, step)
    values = array.array("f")
    values.frombytes(few.cast("float").write_to_memory())
    return values


def _pillow(image: pyvips.Image, info: dict[str, object]) -> Pillow.Image:
    mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[image.bands]
    pixels = Pillow.frombuffer(mode, (image.width, image.height), image.write_to_memory(), "raw", mode, 0, 1)
    pixels.info.update(info)
    return pixels
