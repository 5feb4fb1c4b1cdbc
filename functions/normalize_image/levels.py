"""Which values of a picture with more than 8 bits become black and white: robust against a few extreme pixels."""

import math
from collections.abc import Iterable
from typing import NamedTuple

# Of 10,000 pixels, so many may be darker than black, and as many brighter than white: broken pixels of a sensor.
OUTSIDE = 10
TOTAL = 10_000
# A picture that uses a smaller part of its range is stretched: thermal cameras, 10 to 14 bits stored in 16.
NARROW = 1 / 3


class Levels(NamedTuple):
    """The values that become black and white, and what the report says about it."""

    black: float
    white: float
    note: str


def levels(samples: Iterable[float], full: float | None) -> Levels:
    """Return the levels for samples of a picture whose values go up to `full` (None: they have no natural range)."""
    values = sorted(value for value in samples if math.isfinite(value))
    if not values:
        return Levels(0, 1, "nothing can be seen: it holds no values")
    outside = len(values) * OUTSIDE // TOTAL
    low, high = values[outside], values[-1 - outside]
    if low == high:
        low, high = values[0], values[-1]
    if full is None and low >= 0 and high <= 1:
        full = 1
    if full is not None and low >= 0 and high - low >= NARROW * full:
        return Levels(0, full, "reduced the colours to 8 bits")
    if low == high:
        return Levels(low - 1, low + 1, "nothing can be seen: the whole picture is one shade")
    return Levels(low, high, f"stretched the shades from {_short(low)} to {_short(high)} over the whole range")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:.3g}"
