"""Numbers as people read them: how many of something, and an amount of US dollars."""

from math import floor, log10

CENTS = 2


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return how many there are, as in "1 photo", "1,200 photos", "2 boxes"; without `plural` an s is added."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def usd(amount: float, decimals: int | None = None) -> str:
    """Return US dollars with cents, an amount below ten cents with its first two digits: "$4.30", "$0.0015".

    The amounts of one column have the same number of `decimals`.
    """
    if decimals is None:
        decimals = max(CENTS, 1 - floor(log10(amount))) if amount > 0 else CENTS
    return f"${amount:,.{decimals}f}"
