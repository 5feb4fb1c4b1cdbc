"""Turning decoded pixels of any kind into upright sRGB pixels within Rekognition's limits."""

import io
from typing import Any, cast

from PIL import Image as Pillow
from PIL import ImageChops, ImageCms

from imagelabels_shared.images.decoding import TURNS, orientation, turned_upright
from imagelabels_shared.images.limits import fit
from normalize_image.levels import levels

DEEP_MODES = ("I", "F")
DEEP_VALUES, DEEP_FULL = 65536, 65535.0
# So many pixels are enough to see which values a picture uses.
SAMPLED_SIDE = 500
BYTE = 255
WHITE = (BYTE, BYTE, BYTE)


def ready(image: Pillow.Image, did: list[str], *, custom_labels: bool = False) -> Pillow.Image:
    """Return RGB or grey pixels of a decoded photo; `did` grows by a phrase for each thing that changed.

    `custom_labels` says whether they are for DetectCustomLabels, too.
    """
    how, profile = orientation(image), _profile(image, did)
    image = _flat(_eight_bits(image, did), did)
    # Scaling comes first, because every later copy of the pixels then needs less memory.
    image = _in_limits(image, did, custom_labels=custom_labels)
    image = _srgb(image, profile, did)
    if how in TURNS:
        did.append("turned upright")
    return turned_upright(image, how)


def _profile(image: Pillow.Image, did: list[str]) -> Any:
    """Return the photo's ICC profile, opened; None when it has none or a broken one."""
    data = image.info.get("icc_profile")
    if not data:
        return None
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(data))
    except (OSError, TypeError, ValueError, ImageCms.PyCMSError):
        did.append("left out a broken colour profile")
        return None


def _eight_bits(image: Pillow.Image, did: list[str]) -> Pillow.Image:
    """Reduce 16 and 32 bits per pixel to 8, stretched when they use little of their range."""
    if not image.mode.startswith(DEEP_MODES):
        return image
    few = image.resize((min(SAMPLED_SIDE, image.width), min(SAMPLED_SIDE, image.height)), Pillow.Resampling.NEAREST)
    samples = cast("list[float]", list(few.convert("F").get_flattened_data()))
    # Pillow's 32-bit mode is signed, and usually holds unsigned 16 bits.
    deep = image.mode.startswith("I;16") or (image.mode == "I" and 0 <= min(samples) <= max(samples) < DEEP_VALUES)
    found = levels(samples, DEEP_FULL if deep else None)
    did.append(found.note)
    scale = BYTE / (found.white - found.black)
    values = image if image.mode == "F" else image.convert("I").convert("F")
    return values.point(lambda value: value * scale - found.black * scale).convert("L")


def _flat(image: Pillow.Image, did: list[str]) -> Pillow.Image:
    """Put transparent parts on white, which most programs show behind them."""
    if image.mode in ("P", "PA") or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    # LAB has a band named A, too; it is a colour. Only modes with transparency end in A.
    if not image.mode.endswith("A"):
        return image
    alpha = image.getchannel("A")
    if alpha.getextrema() != (BYTE, BYTE):
        did.append("put the transparent parts on white")
    return _on_white(image, alpha)


def _on_white(image: Pillow.Image, alpha: Pillow.Image) -> Pillow.Image:
    opaque = image.convert("L" if image.mode == "LA" else "RGB")
    opaque.paste(BYTE if opaque.mode == "L" else WHITE, mask=ImageChops.invert(alpha))
    return opaque


def _in_limits(image: Pillow.Image, did: list[str], *, custom_labels: bool) -> Pillow.Image:
    if image.mode not in ("L", "RGB", "CMYK", "LAB", "YCbCr"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    size = fit(*image.size, custom_labels=custom_labels)
    if size == image.size:
        return image
    did.append(f"scaled from {image.width} × {image.height} to {size[0]} × {size[1]} pixels")
    return image.resize(size, Pillow.Resampling.LANCZOS, reducing_gap=2.0)


def _srgb(image: Pillow.Image, profile: Any, did: list[str]) -> Pillow.Image:
    if image.mode == "LAB":
        profile = ImageCms.createProfile("LAB")
    if profile is not None and not _is_srgb(profile):
        try:
            converted = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except ImageCms.PyCMSError:
            did.append("left out a colour profile that does not fit the photo")
        else:
            did.append("converted the colours to sRGB")
            return converted or image
    if image.mode in ("L", "RGB"):
        return image
    did.append("converted the colours to sRGB")
    return image.convert("RGB")


def _is_srgb(profile: Any) -> bool:
    return "sRGB" in ImageCms.getProfileDescription(profile)
