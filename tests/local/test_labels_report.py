"""docs/labels.md says what the recognizer says today."""

import re

from tests.local import labels_report

ROW = re.compile(r"^\| (?P<picture>[^|]+) \| (?P<labels>[^|]+) \| \d+ \+ \d+ ms \|$", re.MULTILINE)
NAME = re.compile(r"[A-Z][A-Za-z -]*[a-z]")


def test_page_has_every_picture_with_its_labels() -> None:
    """Without times and percentages, which differ between machines."""
    written = {row["picture"]: NAME.findall(row["labels"]) for row in ROW.finditer(labels_report.PAGE.read_text())}
    looks = [*labels_report.photographs(), *labels_report.with_codes(), *labels_report.empty()]
    assert written == {look.name: list(look.labels) for look in looks}
    assert [look.name for look in looks if look.wrong and look.name != "horse.png"] == []
