"""Bringing PQ and HLG pictures (ITU-R BT.2100) to the brightness and colours of sRGB."""

from collections.abc import Callable

from PIL import Image as Pillow

# ITU-T H.273: the transfer characteristics and primaries of HDR pictures.
PQ, HLG, BT2020 = 16, 18, 9
# ITU-R BT.2408: the luminance of white in cd/m², and of the brightest highlight that a mastering screen shows.
WHITE, PEAK = 203.0, 1000.0
BYTE = 255
# IEC 61966-2-1: up to here, sRGB is linear.
LINEAR = 0.0031308
# BT.2020 to BT.709 primaries (ITU-R BT.2087), for `Image.convert`.
TO_709 = (1.6605, -0.5876, -0.0728, 0, -0.1246, 1.1329, -0.0083, 0, -0.0182, -0.1006, 1.1187, 0)


def to_sdr(image: Pillow.Image, primaries: int, transfer: int) -> Pillow.Image:
    """Return the picture (RGB, RGBA or grey; 8 bits) tone-mapped by Reinhard's curve up to the peak."""
    curve = [round(BYTE * _shown(TRANSFERS[transfer](value / BYTE))) for value in range(BYTE + 1)]
    if image.mode == "L":
        return image.point(curve)
    rgb = image.convert("RGB").point(curve * 3)
    if primaries == BT2020:
        rgb = rgb.convert("RGB", TO_709)
    if image.mode == "RGBA":
        rgb.putalpha(image.getchannel("A"))
    return rgb


def _pq(signal: float) -> float:
    """Return cd/m² (BT.2100, table 4)."""
    root = signal ** (1 / 78.84375)
    return float(10_000 * (max(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125))


def _hlg(signal: float) -> float:
    """Return cd/m² on a screen of 1,000 cd/m² (BT.2100, table 5)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = signal * signal / 3 if signal <= 1 / 2 else (2.718281828459045 ** ((signal - c) / a) + b) / 12
    return float(PEAK * scene**1.2)


def _shown(luminance: float) -> float:
    """Return the sRGB value, 0 to 1, of a luminance."""
    light, peak = luminance / WHITE, PEAK / WHITE
    mapped = min(1.0, light * (1 + light / peak**2) / (1 + light))
    return 12.92 * mapped if mapped <= LINEAR else 1.055 * mapped ** (1 / 2.4) - 0.055


TRANSFERS: dict[int, Callable[[float], float]] = {PQ: _pq, HLG: _hlg}
