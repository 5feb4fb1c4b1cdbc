"""The workflow's definition as lanes: the way to labels, and below it the ways to each other ending."""

from typing import Any, NamedTuple

Definition = dict[str, Any]
# The state in which an execution ends well is no Succeed state, so its ending has no name of its own.
WELL = "Labelled"


class Lane(NamedTuple):
    """One row of states that end the same way; `joins` is the state of a row above that it leads to, "" for none."""

    ending: str
    states: tuple[str, ...]
    joins: str


class Edge(NamedTuple):
    """A way from one state to the next; `caught` is the way of an error."""

    source: str
    target: str
    caught: bool


def edges(definition: Definition) -> list[Edge]:
    """Return every way that a definition knows, those of Catch last."""
    states = definition["States"]
    plain = [Edge(name, target, caught=False) for name, state in states.items() for target in _next(state)]
    ends = [Edge(name, WELL, caught=False) for name, state in states.items() if state.get("End")]
    caught = [Edge(name, one["Next"], caught=True) for name, state in states.items() for one in state.get("Catch", [])]
    return list(dict.fromkeys([*plain, *ends, *caught]))


def _next(state: dict[str, Any]) -> list[str]:
    choices = [one["Next"] for one in state.get("Choices", [])]
    return choices + [state[name] for name in ("Default", "Next") if name in state]


def lanes(definition: Definition) -> list[Lane]:
    """Return the rows: the longest way from the start, then the ways that only errors lead to, by their endings."""
    states = definition["States"]
    main = _longest(states, definition["StartAt"])
    # A state that leads back to the way to labels, as a wait does.
    back = [Lane(WELL, (name,), target) for name in states for target in _next(states[name]) if target in main]
    rows = [Lane(WELL, (*main, WELL), joins=""), *(lane for lane in back if lane.states[0] not in main)]
    placed = {name for lane in rows for name in lane.states}
    for ending in (name for name, state in states.items() if state["Type"] in {"Succeed", "Fail"}):
        for way, joins in _ways(states, ending, placed):
            rows.append(Lane(ending, way, joins))
            placed |= set(way)
    return rows


def _longest(states: dict[str, Any], start: str, before: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the longest way to an end that passes no state twice."""
    onward = [target for target in _next(states[start]) if target not in before]
    following = [_longest(states, target, (*before, start)) for target in onward]
    ended = [way for way in following if not _next(states[way[-1]])]
    return (start, *max(ended or following, key=len, default=()))


def _ways(states: dict[str, Any], ending: str, placed: set[str]) -> list[tuple[tuple[str, ...], str]]:
    """Return the chains of states that lead to an ending, the longest first, and what each joins."""
    ways: list[tuple[tuple[str, ...], str]] = []
    seen: set[str] = set()
    heads = [name for name in states if name not in placed and ending in _longest(states, name)]
    for head in sorted(heads, key=lambda name: -len(_longest(states, name))):
        chain = _longest(states, head)
        fresh = tuple(name for name in chain if name not in seen)
        if fresh:
            seen |= set(fresh)
            ways.append((fresh, next((name for name in chain if name not in fresh), "")))
    return ways
