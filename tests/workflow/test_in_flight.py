"""Executions that the last release started meet today's functions: a deploy does not wait for them.

They keep the definition that they were started with, and carry what the earlier handlers answered.
"""

import base64
import json
from typing import Any

import pytest

from tests.contract.checks import snake_case
from tests.contract.data_flow import ANSWERS, shape_of
from tests.workflow.in_process import called
from tests.workflow.machine import Machine
from tests.workflow.recorded import FOLDER, RELEASES, Scenario, main, run

FILE = FOLDER / f"{RELEASES[0]}.json"
RECORDED: dict[str, Any] = json.loads(FILE.read_text()) if FILE.exists() else {}
SCENARIOS: dict[str, Any] = RECORDED.get("scenarios", {})


def scenario(name: str) -> Scenario:
    saved = SCENARIOS[name]
    bodies = [base64.b64decode(body) for body in saved["bodies"]]
    return Scenario(bodies, len(saved["runs"]), saved["faults"])


def shape(answer: Any) -> Any:
    """Return the fields of a JSON value, without its contents."""
    return {name: shape(value) for name, value in answer.items()} if isinstance(answer, dict) else {}


def lost(before: dict[str, Any], now: dict[str, Any], path: str = "$") -> list[str]:
    """Return the paths of an earlier shape that a newer one does not have."""
    gone = [f"{path}.{name}" for name in before if name not in now]
    kept = (name for name in before if name in now)
    return gone + [missing for name in kept for missing in lost(before[name], now[name], f"{path}.{name}")]


def test_the_last_release_is_recorded() -> None:
    assert RECORDED, "Run `make record` on the commit of the release."


def test_a_recorded_release_stays_as_it_was() -> None:
    """The newest release is recorded; another run would write what today's functions say."""
    with pytest.raises(SystemExit, match=f"{RELEASES[0]}.json is recorded: give CHANGELOG.md a section"):
        main()


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_last_releases_definition_works_with_todays_functions(machine: Machine, name: str) -> None:
    """An execution that is waiting while the functions are replaced goes on to the same end."""
    arn = machine.create(f"last-{len(name)}-{name[:3]}", json.dumps(RECORDED["definition"]))
    _versions, runs = run(machine, name, scenario(name), arn)
    assert [{"states": execution.states, "status": execution.status} for execution in runs] == SCENARIOS[name]["runs"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_todays_functions_take_what_the_last_releases_states_hand_on(machine: Machine, name: str) -> None:
    """Each call of that release, made again: its answer has all the fields that it had then, or the same error."""
    key, saved = f"{name}.jpg", SCENARIOS[name]
    versions = [machine.put(key, body) for body in scenario(name).versions]
    for call in saved["calls"]:
        text = json.dumps(call)
        for then, now in zip(saved["versions"], versions, strict=True):
            text = text.replace(then, now)
        again = json.loads(text)
        if "error" in again:
            with pytest.raises(Exception) as raised:  # noqa: PT011  # of the recorded name
                called(again["function"], again["event"])
            assert type(raised.value).__name__ == again["error"]
        else:
            assert lost(shape(again["answer"]), shape(called(again["function"], again["event"]))) == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_todays_answers_have_the_fields_that_their_types_promise(machine: Machine, name: str) -> None:
    """tests/contract/data_flow.py relies on them."""
    run(machine, name, scenario(name))
    promised = {snake_case(step): shape_of(answer) for step, answer in ANSWERS.items()}
    for call in machine.faults.calls:
        if "answer" in call:
            assert lost(promised[call["function"]], shape(call["answer"])) == []


def test_a_field_that_is_gone_is_noticed() -> None:
    assert lost({"image": {"key": {}, "size": {}}}, {"image": {"key": {}}, "new": {}}) == ["$.image.size"]
