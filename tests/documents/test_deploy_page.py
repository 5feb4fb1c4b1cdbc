"""docs/deploy.md has every setting with its default and its limit."""

import re

from imagelabels.paths import ROOT
from infra.settings import LONGEST_DIGEST_SECONDS, LONGEST_KEPT_DAYS, MOST_LABELS, Settings

PAGE = (ROOT / "docs" / "deploy.md").read_text()
ROWS = {
    name: (default, meaning)
    for name, default, meaning in re.findall(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", PAGE, re.MULTILINE)
}


def camel_case(name: str) -> str:
    return re.sub(r"_([a-z])", lambda letter: letter[1].upper(), name)


def test_each_setting_has_a_row_with_its_default() -> None:
    written = Settings().values()
    defaults = {name: written[name] or "none" for name in map(camel_case, Settings.__annotations__)}
    assert {name: default for name, (default, _meaning) in ROWS.items()} == defaults


def test_limits_are_those_of_the_code() -> None:
    limits = {"digestSeconds": LONGEST_DIGEST_SECONDS, "maxLabels": MOST_LABELS, "keepRunsDays": LONGEST_KEPT_DAYS}
    assert [name for name, limit in limits.items() if f"{limit} at most" not in ROWS[name][1]] == []
