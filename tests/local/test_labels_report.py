"""docs/labels.md says what the recognizer says today."""

import re

import pytest

from tests.local import labels_report

ROW = re.compile(r"^\| (?P<picture>[^|]+) \| (?P<labels>[^|]+) \| \d+ \+ \d+ ms \|$", re.MULTILINE)
NAME = re.compile(r"[A-Z][A-Za-z -]*[a-z]")


def written() -> dict[str, list[str]]:
    """Return the labels of each picture on the page; times and percentages differ between machines."""
    return {row["picture"]: NAME.findall(row["labels"]) for row in ROW.finditer(labels_report.PAGE.read_text())}


def test_page_has_a_cat_and_what_else_is_told_of_photographs() -> None:
    page = written()
    assert page.keys() >= labels_report.TRUTH.keys()
    for look in labels_report.photographs("chelsea.png", "coffee.png"):
        assert page[look.name] == list(look.labels)
        assert not look.wrong


@pytest.mark.soak
def test_page_has_every_picture_with_its_labels() -> None:
    looks = [*labels_report.photographs(*labels_report.TRUTH), *labels_report.with_codes(), *labels_report.empty()]
    assert written() == {look.name: list(look.labels) for look in looks}
    assert [look.name for look in looks if look.wrong and look.name != "horse.png"] == []
