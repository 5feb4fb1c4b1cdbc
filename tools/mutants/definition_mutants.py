"""The mutants of the state machine's definition: an error name less, a target swapped, a number changed.

A mutant is the expanded definition as JSON, which is YAML too; so one state differs although its policy is shared.
"""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from infra.definition import FILE
from tools.mutants import Mutant

PATH = "statemachine/" + FILE.name
NUMBERS = ("TimeoutSeconds", "MaxAttempts", "IntervalSeconds", "BackoffRate", "MaxDelaySeconds")
TARGETS = ("Next", "Default")


def mutants(definition: dict[str, Any]) -> Iterator[Mutant]:
    """Yield the mutants of an expanded definition."""
    for name, state in definition["States"].items():
        for what, change in _changes(state, list(definition["States"])):
            changed = copy.deepcopy(definition)
            change(changed["States"][name])
            yield Mutant(PATH, 0, f"{PATH} {name}: {what}", json.dumps(changed, indent=2))


Edit = Callable[[dict[str, Any]], None]


def _changes(state: dict[str, Any], states: list[str]) -> Iterator[tuple[str, Edit]]:
    for field in ("Retry", "Catch"):
        for number, item in enumerate(state.get(field, [])):
            yield f"without {field} {number}", lambda state, f=field, n=number: state[f].pop(n)
            yield from _of_item(item, field, number, states)
    yield from _of_fields(state, states)


def _of_item(item: dict[str, Any], field: str, number: int, states: list[str]) -> Iterator[tuple[str, Edit]]:
    for error in item["ErrorEquals"] if len(item["ErrorEquals"]) > 1 else []:
        yield (
            f"{field} {number} without {error}",
            lambda state, f=field, n=number, e=error: state[f][n]["ErrorEquals"].remove(e),
        )
    for what, edit in _of_fields(item, states):
        yield f"{field} {number}: {what}", lambda state, f=field, n=number, e=edit: e(state[f][n])


def _of_fields(fields: dict[str, Any], states: list[str]) -> Iterator[tuple[str, Edit]]:
    for name in NUMBERS:
        if name in fields:
            yield f"{name} × 5", lambda found, n=name: found.update({n: found[n] * 5})
            yield f"{name} + 1", lambda found, n=name: found.update({n: found[n] + 1})
    for name in TARGETS:
        if name in fields:
            other = states[(states.index(fields[name]) + 1) % len(states)]
            yield f"{name} {other}", lambda found, n=name, o=other: found.update({n: o})
    if "ResultPath" in fields:
        yield "without ResultPath", lambda found: found.pop("ResultPath")
