"""Reading a PNG without the metadata that is not needed; 16 bits per colour by libvips."""

import io
from typing import BinaryIO

from PIL import Image as Pillow

from imagelabels_shared.images.png_chunks import essential, profile
from normalize_image.deep import UnreadableError, read_deep
from normalize_image.pillow_reader import note_several, read

# The offset of the bit depth (the header chunk is always the first).
DEPTH, DEEP = 24, 16


def read_png(file: BinaryIO, did: list[str]) -> Pillow.Image:
    """Return the first picture, decoded. Raises what decoders raise."""
    whole = file.read()
    data, colours = essential(whole), profile(whole)
    image = read(io.BytesIO(data), "PNG")
    note_several(image, did)
    image.load()
    if colours is not None:
        image.info["icc_profile"] = colours
    if data[DEPTH] != DEEP:
        return image
    try:
        deep = read_deep(data, "png", did)
    except UnreadableError:
        # Pillow has kept the upper 8 bits.
        return image
    deep.info = {name: image.info[name] for name in ("exif", "icc_profile") if name in image.info}
    return deep
