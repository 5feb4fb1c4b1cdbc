"""The workflow drawn for one execution: where each state stands, and how it went. Lengths are in pixels."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from imagelabels.console.lanes import WELL, Edge, Lane, edges, lanes
from imagelabels.console.steps import Step
from imagelabels.console.time_axis import duration

HEIGHT, ROW, GAP, LEFT, TOP = 26, 40, 20, 82, 22
LETTER, PADDING, LEAST_WIDTH = 6.5, 16, 70
# The first state only drops the execution's input: a dot is enough.
DOT = 14
NOT_TAKEN = "not-taken"


class Node(NamedTuple):
    """A state in its place. `status` is a step's, or `not-taken`; `below` a duration; `retries` 0 for none."""

    name: str
    x: float
    y: float
    width: float
    status: str
    below: str
    retries: int
    shape: Literal["state", "dot", "end"]

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def said(self) -> str:
        """What a screen reader says."""
        retried = f", tried again {self.retries} times" if self.retries else ""
        return f"{self.name}: {self.status.replace('-', ' ')}{retried}{f', {self.below}' if self.below else ''}"


class Path(NamedTuple):
    """A line from state to state, as SVG draws it."""

    d: str
    taken: bool
    caught: bool


class Caption(NamedTuple):
    text: str
    y: float


@dataclass(frozen=True)
class Graph:
    """What the picture is made of; `width` and `height` are its size."""

    width: float
    height: float
    nodes: list[Node]
    paths: list[Path]
    captions: list[Caption]


def graph(definition: dict[str, Any], found: list[Step], now: datetime, *, labelled: bool) -> Graph:
    """Return the picture of one execution; `labelled` tells whether it ended well."""
    rows = lanes(definition)
    places = _places(rows)
    columns = _columns(places)
    by_name = {step.name: step for step in found}
    way = [step.name for step in found] + ([WELL] if labelled else [])
    nodes = {
        name: node
        for number, lane in enumerate(rows)
        for name, node in _row(lane, number, places, columns, by_name, now)
    }
    if labelled:
        nodes[WELL] = nodes[WELL]._replace(status="done")
    caught = {step.name for step in found if step.status == "caught"}
    taken = {Edge(source, target, caught=source in caught) for source, target in pairwise(way)}
    drawn = [edge for edge in edges(definition) if not edge.caught or edge in taken]
    return Graph(
        width=columns[-1].x + columns[-1].width + 2,
        height=TOP + ROW * len(rows) - 8,
        nodes=list(nodes.values()),
        paths=sorted((_path(edge, nodes, taken) for edge in drawn), key=lambda path: path.taken),
        captions=[Caption(lane.ending, _y(number) + 17) for number, lane in enumerate(rows) if not lane.joins],
    )


class _Column(NamedTuple):
    x: float
    width: float


def _places(rows: list[Lane]) -> dict[str, int]:
    """Return each state's column. Every lane ends in the last one; a row that joins another ends beside its state."""
    places: dict[str, int] = {}
    last = max(len(lane.states) for lane in rows)
    for lane in rows:
        end = places[lane.joins] if lane.joins else last
        places |= {name: end - len(lane.states) + number for number, name in enumerate(lane.states)}
    return places


def _columns(places: dict[str, int]) -> list[_Column]:
    """A column is as wide as its widest state."""
    widths: dict[int, float] = {0: DOT}
    for name, place in places.items():
        if place:
            widths[place] = max(widths.get(place, LEAST_WIDTH), round(len(name) * LETTER) + PADDING)
    starts = [LEFT + sum(widths[one] + GAP for one in range(number)) for number in widths]
    return [_Column(starts[number], widths[number]) for number in sorted(widths)]


def _y(row: int) -> float:
    return TOP + ROW * row


def _row(
    lane: Lane, row: int, places: dict[str, int], columns: list[_Column], by_name: dict[str, Step], now: datetime
) -> Iterator[tuple[str, Node]]:
    for number, name in enumerate(lane.states):
        column, step = columns[places[name]], by_name.get(name)
        end = not lane.joins and number == len(lane.states) - 1
        node = Node(
            name=name,
            x=column.x,
            y=_y(row),
            width=column.width,
            status=step.status if step else NOT_TAKEN,
            below=duration(step.seconds(now)) if step and step.attempts else "",
            retries=step.retries if step else 0,
            shape="end" if end else "state" if places[name] else "dot",
        )
        yield name, node


def _path(edge: Edge, nodes: dict[str, Node], taken: set[Edge]) -> Path:
    source, target = nodes[edge.source], nodes[edge.target]
    return Path(_line(source, target, nodes), edge in taken, edge.caught)


def _line(source: Node, target: Node, nodes: dict[str, Node]) -> str:
    right, middle, end = source.x + source.width, source.y + HEIGHT / 2, target.y + HEIGHT / 2
    if source.y > target.y:
        return f"M{right} {middle} H{target.middle} V{target.y + HEIGHT + 1}"
    if source.y < target.y:
        # Down from the state that failed, then over the branch that it leads to.
        down, turn = source.x + source.width - 9, target.y - 9
        return f"M{down} {source.y + HEIGHT} V{turn} H{target.middle} V{target.y - 1}"
    skipped = any(node.y == source.y and source.x < node.x < target.x for node in nodes.values())
    if skipped:
        top = source.y - 11
        return f"M{source.middle + 14} {source.y} V{top} H{target.middle - 14} V{target.y - 1}"
    return f"M{right} {middle} H{target.x - 1} V{end}"
