"""docs/security.md: each row is held by a test that exists, and what is kept is kept as long as the code says."""

import ast
import re

import pytest

from imagelabels.paths import ROOT
from imagelabels_shared.table.claims import WINDOW_SECONDS

PAGE = (ROOT / "docs" / "security.md").read_text()
SENDERS = PAGE.split("## Who can make what happen", 1)[1].split("\n## ", 1)[0]
ROWS = [line for line in SENDERS.splitlines() if line.startswith("|")][2:]
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)` \|$")


def test_there_is_a_row_for_each_queue_and_each_topic() -> None:
    asked = (
        "states:StartExecution",
        "s3:PutObject",
        "Removals",
        "AuditTrail",
        "UndeliveredIntake",
        "ReportsQueue",
        "Mail",
    )
    assert [name for name in asked if f"`{name}`" not in "\n".join(ROWS)] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:40])
def test_each_row_names_a_test_that_holds_it(row: str) -> None:
    found = TEST.search(row)
    assert found, "the row names no test"
    nodes = ast.walk(ast.parse((ROOT / found[1]).read_text()))
    assert found[2] in {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def test_what_is_kept_is_kept_as_long_as_the_code_says() -> None:
    claims = next(line for line in PAGE.splitlines() if line.startswith("| table `Claims`"))
    assert f"| {WINDOW_SECONDS // 86_400} days |" in claims
