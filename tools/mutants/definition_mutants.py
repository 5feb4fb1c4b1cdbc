"""The mutants of the state machine's definition: an error name less, a target swapped, a number changed.

A mutant is the expanded definition as JSON, which is YAML too; so one state differs although its policy is shared.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

from infra.definition import FILE
from tools.mutants import Mutant

PATH = f"statemachine/{FILE.name}"
NUMBERS = ("TimeoutSeconds", "MaxAttempts", "IntervalSeconds", "BackoffRate", "MaxDelaySeconds")
TARGETS = ("Next", "Default")
# Where in a state, and the value that is written there.
Change = tuple[tuple[str | int, ...], Any]


def mutants(definition: dict[str, Any]) -> Iterator[Mutant]:
    """Yield the mutants of an expanded definition."""
    for name, state in definition["States"].items():
        for path, value in _changes(state, list(definition["States"])):
            changed = copy.deepcopy(definition)
            place = changed["States"][name]
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value
            where = ".".join(map(str, path))
            yield Mutant(PATH, 0, f"{PATH} {name}: {where} = {_short(value)}", json.dumps(changed, indent=2))


def _changes(state: dict[str, Any], states: list[str]) -> Iterator[Change]:
    yield from _of_fields(state, (), states)
    for field in ("Retry", "Catch"):
        items = state.get(field, [])
        for number, item in enumerate(items):
            yield (field,), _without(items, number)
            yield from _of_fields(item, (field, number), states)
            errors = item["ErrorEquals"]
            for position in range(len(errors) if len(errors) > 1 else 0):
                yield (field, number, "ErrorEquals"), _without(errors, position)


def _of_fields(fields: dict[str, Any], path: tuple[str | int, ...], states: list[str]) -> Iterator[Change]:
    for name in NUMBERS:
        if name in fields:
            yield (*path, name), fields[name] + 1
            yield (*path, name), fields[name] * 5
    for name in TARGETS:
        if name in fields:
            yield (*path, name), states[(states.index(fields[name]) + 1) % len(states)]
    if "ResultPath" in fields:
        yield (*path, "ResultPath"), None if fields["ResultPath"] else "$.kept"


def _without(items: list[Any], position: int) -> list[Any]:
    return items[:position] + items[position + 1 :]


def _short(value: Any) -> str:
    return json.dumps(value)[:80]
