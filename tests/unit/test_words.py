"""Numbers as people read them."""

import re

import pytest

from imagelabels.paths import ROOT
from imagelabels.words import counted, usd


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ((0, "photo"), "0 photos"),
        ((1, "photo"), "1 photo"),
        ((1_200, "photo"), "1,200 photos"),
        ((1, "box", "boxes"), "1 box"),
        ((2, "box", "boxes"), "2 boxes"),
    ],
)
def test_how_many_there_are(words: tuple[int, str], shown: str) -> None:
    assert counted(*words) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "$0.00"),
        (4.3, "$4.30"),
        (1234.5, "$1,234.50"),
        (0.25, "$0.25"),
        (0.0044, "$0.0044"),
        (0.00000125, "$0.0000013"),
    ],
)
def test_a_small_amount_keeps_its_digits(amount: float, shown: str) -> None:
    assert usd(amount) == shown


def test_the_amounts_of_a_column_have_the_same_decimals() -> None:
    assert (usd(0.5, 3), usd(0.00149, 3)) == ("$0.500", "$0.001")


def test_no_command_leaves_the_plural_to_the_reader() -> None:
    code = [path for path in (ROOT / "imagelabels").rglob("*.py") if "console/" not in path.as_posix()]
    assert [path.name for path in code if re.search(r"[a-z]\((s|es)\)[ .;:,\"{]", path.read_text())] == []
