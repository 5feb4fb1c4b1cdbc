"""Medians, ratios and tables of what was measured in turn."""

from collections.abc import Iterable
from statistics import median


def ratio(product: list[float], other: list[float]) -> float:
    """Return the median of the rounds' ratios: what slows a round down slows both of its measurements."""
    return median(ours / theirs for ours, theirs in zip(product, other, strict=True))


def cells(product: list[float], other: list[float], unit: float = 1, form: str = ".0f") -> tuple[str, str]:
    """Return the median of the other side, and the ratio to it; a time that is too short to be measured has none."""
    return format(unit * median(other), form), f"{ratio(product, other):.2f}" if min(other) else "-"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table in columns, the first one to the left and numbers to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_line(line, widths) for line in (lines[0], rule, *lines[1:]))


def _line(line: list[str], widths: list[int]) -> str:
    first, *others = zip(line, widths, strict=True)
    return f"| {' | '.join((first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)))} |"
