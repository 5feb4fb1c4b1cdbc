"""The numbers of brightness and colours against their standards, and which shades a deep picture keeps."""

import math
from collections.abc import Sequence

import pytest
from PIL import Image

from normalize_image import hdr
from normalize_image.hdr import BT2020, HLG, PQ, TRANSFERS, to_sdr
from normalize_image.levels import Levels, levels

NOTHING, REDUCED = "nothing can be seen: it holds no values", "reduced the colours to 8 bits"
ONE_SHADE = "nothing can be seen: the whole picture is one shade"


def stretched(low: str, high: str) -> str:
    return f"stretched the shades from {low} to {high} over the whole range"


@pytest.mark.parametrize(
    ("samples", "full", "expected"),
    [
        ([], 65_535, Levels(0, 1, NOTHING)),
        ([math.nan, math.inf], None, Levels(0, 1, NOTHING)),
        ([5, 5, math.inf], 65_535, Levels(4, 6, ONE_SHADE)),
        # Of a thousand, one on each side is a broken pixel; of 999, none.
        ([-9, *range(1, 999), 10**6], 65_535, Levels(1, 998, stretched("1", "998"))),
        ([-9, *range(1, 998), 10**6], 65_535, Levels(-9, 10**6, stretched("-9", "1,000,000"))),
        # A few pixels on one shade are all there is to see.
        ([*[7] * 999, 9], 65_535, Levels(7, 9, stretched("7", "9"))),
        # A third of the range is enough.
        ([0, 1], 3, Levels(0, 3, REDUCED)),
        ([0, 0.99], 3, Levels(0, 0.99, stretched("0", "0.99"))),
        ([-1, 3], 3, Levels(-1, 3, stretched("-1", "3"))),
        # Numbers without a range that lie between 0 and 1 have that one.
        ([0, 1], None, Levels(0, 1, REDUCED)),
        ([0, 0.123456], None, Levels(0, 0.123456, stretched("0", "0.123"))),
        ([0, 1.5], None, Levels(0, 1.5, stretched("0", "1.5"))),
        ([-0.5, 0.5], None, Levels(-0.5, 0.5, stretched("-0.5", "0.5"))),
    ],
)
def test_shades(samples: Sequence[float], full: float | None, expected: Levels) -> None:
    assert levels(samples, full) == expected


@pytest.mark.parametrize(
    ("transfer", "signal", "luminance"),
    [
        # ITU-R BT.2408, annex: signals of PQ for cd/m², and 203 cd/m² as 75 % of HLG.
        *((PQ, 0.0, 0), (PQ, 0.508078, 100), (PQ, 0.580689, 203), (PQ, 0.751827, 1000), (PQ, 1.0, 10_000)),
        *(
            (HLG, 0.0, 0),
            (HLG, 0.25, 1000 / 48**1.2),
            (HLG, 0.5, 1000 / 12**1.2),
            (HLG, 0.75, 203.15),
            (HLG, 1.0, 1000),
        ),
    ],
)
def test_a_signal_is_this_luminance(transfer: int, signal: float, luminance: float) -> None:
    assert TRANSFERS[transfer](signal) == pytest.approx(luminance, rel=2e-4)


@pytest.mark.parametrize(("luminance", "shown"), [(0, 0.0), (0.5, 0.03176), (203, 0.7488), (1000, 1.0), (10_000, 1.0)])
def test_white_is_three_quarters_of_the_way_to_the_peak(luminance: float, shown: float) -> None:
    assert hdr._shown(luminance) == pytest.approx(shown, abs=2e-4)  # noqa: SLF001  # the curve alone


C = 150


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ((C, 0, 0), (1.6605, -0.1246, -0.0182)),
        ((0, C, 0), (-0.5876, 1.1329, -0.1006)),
        ((0, 0, C), (-0.0728, -0.0083, 1.1187)),
        ((C, C, 0), (1.0729, 1.0083, -0.1188)),
        ((C, 0, C), (1.5877, -0.1329, 1.1005)),
        ((0, C, C), (-0.6604, 1.1246, 1.0181)),
    ],
)
def test_wide_colours_are_those_of_bt_2087(
    monkeypatch: pytest.MonkeyPatch, wide: tuple[int, int, int], narrow: tuple[float, float, float]
) -> None:
    monkeypatch.setitem(TRANSFERS, HLG, lambda signal: signal)
    monkeypatch.setattr(hdr, "_shown", lambda luminance: luminance)
    pixel = to_sdr(Image.new("RGBA", (1, 1), (*wide, 7)), BT2020, HLG).getpixel((0, 0))
    expected = [min(255, max(0, C * part)) for part in narrow]
    assert pixel == pytest.approx((*expected, 7), abs=1)
    assert to_sdr(Image.new("RGB", (1, 1), wide), 1, HLG).getpixel((0, 0)) == wide
    assert to_sdr(Image.new("L", (1, 1), C), BT2020, HLG).getpixel((0, 0)) == C
