"""Checks of the definition against the code; each returns its complaints, so that it can be shown to complain."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

AWS_ERRORS = ("States.", "Lambda.", "Runtime.", "Sandbox.")
# An outage of the audit queue ends the execution in these states, so that a redrive repeats that state alone.
LOUD = {"RecordOutcome", "RecordRejection", "RecordNotFound", "RecordSuperseded", "RecordDuplicate"}
FUNCTION = re.compile(r"(\w+)FunctionArn")


def repeated_keys(text: str) -> list[str]:
    """Complain of each key that a mapping of a YAML text has more than once, by the line where the mapping starts."""
    return list(dict.fromkeys(_repeated(yaml.compose(text, yaml.SafeLoader))))


def _repeated(node: Any) -> Iterator[str]:
    match node:
        case yaml.MappingNode():
            keys = [key.value for key, _value in node.value]
            yield from (f"line {node.start_mark.line + 1}: {key}" for key in keys if keys.count(key) > 1)
            for _key, value in node.value:
                yield from _repeated(value)
        case yaml.SequenceNode():
            for item in node.value:
                yield from _repeated(item)


def targets(state: dict[str, Any]) -> list[str]:
    """Return where a state may lead."""
    ways = [*state.get("Catch", []), *state.get("Choices", []), state]
    return [way[field] for way in ways for field in ("Next", "Default") if field in way]


def missing_targets(definition: dict[str, Any]) -> list[str]:
    states = definition["States"]
    named = [definition["StartAt"], *(target for state in states.values() for target in targets(state))]
    return [f"There is no state {name}" for name in sorted(set(named) - set(states))]


def unreachable_states(definition: dict[str, Any]) -> list[str]:
    states, reached, ahead = definition["States"], set(), [definition["StartAt"]]
    while ahead:
        name = ahead.pop()
        if name in states and name not in reached:
            reached.add(name)
            ahead += targets(states[name])
    return [f"Nothing leads to {name}" for name in states if name not in reached]


def careless_tasks(definition: dict[str, Any]) -> Iterator[str]:
    """Complain of each Task without a timeout, bounded retries with jitter, or a Catch for everything in a slot.

    An error of the audit queue must not be caught in the states of LOUD.
    """
    for name, state in definition["States"].items():
        if state["Type"] != "Task":
            continue
        if "TimeoutSeconds" not in state:
            yield f"{name} has no timeout"
        yield from (f"{name}: {complaint}" for complaint in _careless_retries(state.get("Retry", [])))
        if name in LOUD:
            yield from [f"{name} has a Catch"] * ("Catch" in state)
            continue
        yield from (f"{name}: {complaint}" for complaint in _careless_catches(state.get("Catch", [])))


def _careless_retries(retriers: list[dict[str, Any]]) -> list[str]:
    wanted = {"BackoffRate": 2, "JitterStrategy": "FULL"}
    bad = [retry for retry in retriers if not (wanted.items() <= retry.items() and "MaxDelaySeconds" in retry)]
    return [f"Retry {retry['ErrorEquals']} is not bounded" for retry in bad] or ["no Retry"] * (not retriers)


def _careless_catches(catchers: list[dict[str, Any]]) -> list[str]:
    loose = [catch for catch in catchers if not re.fullmatch(r"\$\.\w+", catch.get("ResultPath", "$"))]
    rest = [] if catchers and catchers[-1]["ErrorEquals"] == ["States.ALL"] else ["no Catch for everything else"]
    return rest + [f"Catch {catch['ErrorEquals']} overwrites the state" for catch in loose]


def retried_rejections(definition: dict[str, Any], business: Iterable[str]) -> list[str]:
    """Complain of each business error that a Retry names: a second try does not change bad input."""
    retried = {
        name for state in definition["States"].values() for name in error_names({"Retry": state.get("Retry", [])})
    }
    return [f"{name} is retried" for name in sorted(retried & set(business))]


def error_names(node: Any) -> set[str]:
    """Return every name below a node that stands in an ErrorEquals."""
    if isinstance(node, list):
        return set().union(*(error_names(item) for item in node))
    if not isinstance(node, dict):
        return set()
    return set(node.get("ErrorEquals", [])) | error_names(list(node.values()))


def unmatched_errors(definition: dict[str, Any], classes: Iterable[str]) -> list[str]:
    """Complain of each name that the definition matches and no class has, and the other way round."""
    named = {name for name in error_names(definition) if not name.startswith(AWS_ERRORS)}
    return _differences(named, set(classes), "the definition", "errors.py")


def placeholders(text: str) -> set[str]:
    """Return the names in `${...}`."""
    return set(re.findall(r"\$\{(\w+)\}", text))


def unmatched_substitutions(text: str, substitutions: Iterable[str]) -> list[str]:
    return _differences(placeholders(text), set(substitutions), "the definition", "the template")


def unmatched_functions(text: str, folders: Iterable[str]) -> list[str]:
    """Complain of each `${XFunctionArn}` without a folder, and of each folder that the definition never invokes."""
    functions = {snake_case(match[1]) for name in placeholders(text) if (match := FUNCTION.fullmatch(name))}
    return _differences(functions, set(folders), "the definition", "functions/")


def unnamed_functions(definition: dict[str, Any], text: str) -> list[str]:
    """Complain of each function that has no state of its own name."""
    functions = {match[1] for name in placeholders(text) if (match := FUNCTION.fullmatch(name))}
    return [f"No state is called {name}" for name in sorted(functions - set(definition["States"]))]


def snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _differences(left: set[str], right: set[str], left_name: str, right_name: str) -> list[str]:
    return [
        *(f"{name} is in {left_name} but not in {right_name}" for name in sorted(left - right)),
        *(f"{name} is in {right_name} but not in {left_name}" for name in sorted(right - left)),
    ]
