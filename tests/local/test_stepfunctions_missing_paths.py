"""A path that is missing ends an execution on the local stack as on AWS: with States.Runtime, uncaught."""

from typing import Any

import pytest
from ministack.services import stepfunctions

from imagelabels.local.emulator import stepfunctions_missing_paths

CONTEXT = {"Execution": {"Input": {"key": "a.jpg"}}}


@pytest.fixture(autouse=True)
def _corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    # monkeypatch restores the functions that the correction replaces for the whole process.
    for name in ("_resolve_params_obj", "_error_matches"):
        monkeypatch.setattr(stepfunctions, name, getattr(stepfunctions, name))
    stepfunctions_missing_paths.apply()


def resolved(template: dict[str, Any]) -> Any:
    return stepfunctions._resolve_params_obj(template, {"image": {"key": None}}, CONTEXT)  # noqa: SLF001


@pytest.mark.parametrize(
    "template",
    [
        {"key.$": "$.image.name"},
        {"key.$": "$.image.key.name"},
        {"inner": {"key.$": "$.photo"}},
        {"list": [{"key.$": "$.photo"}]},
        {"key.$": "$$.Execution.Input.detail"},
    ],
)
def test_a_missing_path_is_an_error(template: dict[str, Any]) -> None:
    with pytest.raises(stepfunctions._ExecutionError) as raised:  # noqa: SLF001
        resolved(template)
    assert raised.value.error == "States.Runtime"


def test_a_path_that_is_there_is_resolved_also_to_null() -> None:
    template = {"key.$": "$.image.key", "all.$": "$", "typed": {"key.$": "$$.Execution.Input.key"}, "text": "$.no"}
    image = {"image": {"key": None}}
    assert resolved(template) == {"key": None, "all": image, "typed": {"key": "a.jpg"}, "text": "$.no"}


def test_no_catch_matches_it() -> None:
    everything = [{"ErrorEquals": ["States.ALL"]}]
    assert stepfunctions._find_matching_catcher(everything, "States.Runtime") is None  # noqa: SLF001
    assert stepfunctions._find_matching_retrier(everything, "States.Runtime", {}) == (None, -1)  # noqa: SLF001
    assert stepfunctions._find_matching_catcher(everything, "Other")  # noqa: SLF001
