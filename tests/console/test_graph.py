"""The workflow as lanes, and one execution drawn in it."""

import itertools
from typing import Any

import pytest

from imagelabels.console.graph import HEIGHT, Node, graph
from imagelabels.console.lanes import WELL, edges, lanes
from imagelabels.console.steps import steps
from tests.console.histories import recorded


def test_every_state_is_in_one_lane(definition: dict[str, Any]) -> None:
    placed = [name for lane in lanes(definition) for name in lane.states]
    assert sorted(placed) == sorted([*definition["States"], WELL])


def test_the_first_lane_is_the_way_to_labels(definition: dict[str, Any]) -> None:
    first = lanes(definition)[0]
    assert first.states[:3] == ("StartEmpty", "ValidateImage", "NeedsNormalizing")
    assert first.states[-2:] == ("RecordOutcome", WELL)


def test_a_row_that_joins_another_leads_to_a_state_of_it(definition: dict[str, Any]) -> None:
    ways = {(edge.source, edge.target) for edge in edges(definition)}
    joining = [lane for lane in lanes(definition) if lane.joins]
    assert joining
    assert all((lane.states[-1], lane.joins) in ways for lane in joining)


def _overlap(one: Node, other: Node) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    above = one.y + HEIGHT <= other.y or other.y + HEIGHT <= one.y
    return not (beside or above)


@pytest.mark.parametrize("name", ["labelled", "throttled", "failed", "rejected", "not_found", "bad_input"])
def test_states_have_places_of_their_own_inside_of_the_picture(definition: dict[str, Any], name: str) -> None:
    execution = recorded(name)
    drawn = graph(definition, steps(execution.events), execution.stop, labelled=name in {"labelled", "throttled"})
    assert not [pair for pair in itertools.combinations(drawn.nodes, 2) if _overlap(*pair)]
    assert all(node.x + node.width <= drawn.width and node.y + HEIGHT <= drawn.height for node in drawn.nodes)


def test_the_way_that_was_taken_is_marked(definition: dict[str, Any]) -> None:
    execution = recorded("failed")
    found = steps(execution.events)
    drawn = graph(definition, found, execution.stop, labelled=False)
    assert sum(path.taken for path in drawn.paths) == len(found) - 1
    assert [path.taken for path in drawn.paths if path.caught] == [True]
    by_name = {node.name: node for node in drawn.nodes}
    assert by_name["DetectLabels"].status == "caught"
    assert by_name["PersistLabels"].status == "not-taken"
    assert by_name[WELL].status == "not-taken"


def test_retries_and_durations_stand_at_their_state(definition: dict[str, Any]) -> None:
    execution = recorded("throttled")
    drawn = graph(definition, steps(execution.events), execution.stop, labelled=True)
    (detect,) = (node for node in drawn.nodes if node.name == "DetectLabels")
    assert detect.retries == 1
    assert detect.below == "2.5 s"
    assert detect.said == "DetectLabels: done, tried again 1 times, 2.5 s"
    assert [node.status for node in drawn.nodes if node.name == WELL] == ["done"]
