"""docs/workflow.md shows the definition and the errors as they are."""

import re
from typing import Any

import pytest

from infra.definition import definition
from tests.contract.checks import targets
from tools import workflow_page

ARROW = re.compile(r"^  (.+?) (?:-->|-\.->)(?:\|\"[^\"]+\"\|)? (\w+)", re.MULTILINE)


def arrows(page: str) -> set[tuple[str, str]]:
    """Return the two ends of each arrow of the picture."""
    picture = page.split("```mermaid\n", 1)[1].split("```", 1)[0]
    return {(source, target) for sources, target in ARROW.findall(picture) for source in sources.split(" & ")}


def test_page_is_what_make_docs_writes() -> None:
    assert workflow_page.PAGE.read_text() == workflow_page.page()


def test_the_picture_has_each_transition_of_the_definition() -> None:
    ways = {(name, target) for name, state in definition()["States"].items() for target in targets(state)}
    ends = {("uploaded([S3 event])", "StartEmpty"), ("RecordOutcome", "labelled")}
    assert arrows(workflow_page.page()) == ways | ends


@pytest.mark.parametrize("field", ["Comment", "TimeoutSeconds", "Next"])
def test_a_changed_state_changes_the_page(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changed: dict[str, Any] = definition()
    changed["States"]["DetectLabels"][field] = "RecordOutcome"
    monkeypatch.setattr(workflow_page, "definition", lambda: changed)
    assert workflow_page.PAGE.read_text() != workflow_page.page()
