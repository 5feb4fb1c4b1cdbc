"""What a photo costs is counted in the histories of executions, as a local stack recorded them."""

import json
from typing import Any

import pytest

from imagelabels.costs.usage import Usage
from imagelabels_shared.costs import LABELS, TRANSITIONS, of_photo, table_units, total
from imagelabels_shared.prices import IMAGE_PROPERTIES
from tests.console.histories import recorded

# The recorded execution is of a release without turns: it has no NeedsToWait.
RECORDED = TRANSITIONS - 1
MEMORY = dict.fromkeys(("ValidateImage", "DetectLabels", "PersistLabels", "PublishReport"), 512)


def usage(*names: str) -> Usage:
    found = Usage()
    for name in names:
        found.add(recorded(name).events, MEMORY)
    return found


def dollars(found: Usage) -> dict[str, float]:
    return {part.name: part.usd for part in found.parts()}


def test_a_labelled_photo_uses_what_the_estimate_says() -> None:
    found = usage("labelled")
    assert (found.executions, found.transitions, found.detections) == (1, RECORDED, 1)
    assert found.invocations == 4
    assert 0 < found.gb_seconds < 4
    estimate = {part.name: part.usd for part in of_photo()}
    assert dollars(found)["Rekognition"] == pytest.approx(estimate["Rekognition"])
    assert dollars(found)["Step Functions"] == pytest.approx(estimate["Step Functions"] * RECORDED / TRANSITIONS)


def test_what_is_not_counted_says_that_it_is_an_estimate() -> None:
    parts = usage("labelled").parts()
    assert [part.what.startswith("estimate: ") for part in parts] == [False] * 4 + [True] * (len(parts) - 4)


def test_the_units_of_the_table_follow_from_the_labels() -> None:
    events = recorded("labelled").events
    (output,) = [one["stateExitedEventDetails"]["output"] for one in events if _left(one) == "PersistLabels"]
    labels = output.count('"confidence"')
    found = usage("labelled")
    assert (found.write_units, found.read_units) == table_units(labels)
    assert table_units(LABELS)[0] > table_units(0)[0]


def _left(event: dict[str, Any]) -> str:
    return str(event.get("stateExitedEventDetails", {}).get("name", ""))


def test_image_properties_have_their_own_price_and_units() -> None:
    """The recorded execution is of a stack without them."""
    properties = {"dominantColors": [{"color": "red", "percent": 60.0}], "quality": {"sharpness": 20.0}}
    with_properties = Usage()
    with_properties.add([_with(event, properties) for event in recorded("labelled").events], MEMORY)
    without = usage("labelled")
    assert (with_properties.image_properties, without.image_properties) == (1, 0)
    assert with_properties.write_units - without.write_units == 2 * 3
    more = dollars(with_properties)["Rekognition"] - dollars(without)["Rekognition"]
    assert more == pytest.approx(IMAGE_PROPERTIES.usd)
    (said,) = [part.what for part in with_properties.parts() if part.name == "Rekognition"]
    assert said == "1.00 DetectLabels that succeeded, 1.00 with image properties"


def _with(event: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    """Return an event of a history whose states hand on `properties`, too."""
    details: dict[str, Any] = event.get("stateExitedEventDetails", {})
    output = json.loads(details.get("output", "{}"))
    if "detection" not in output:
        return event
    output["detection"]["imageProperties"] = properties
    return {**event, "stateExitedEventDetails": {**details, "output": json.dumps(output)}}


def test_a_retry_costs_a_transition_and_an_invocation_and_no_call_that_failed() -> None:
    throttled = recorded("throttled").events
    entered = sum("stateEnteredEventDetails" in event for event in throttled)
    tried = sum(event["type"] == "TaskScheduled" for event in throttled)
    tasks = sum(event["type"] == "TaskStateEntered" for event in throttled)
    found = usage("throttled")
    assert found.transitions == 1 + entered + tried - tasks
    assert tried > tasks
    assert found.detections == 1


def test_a_rejected_photo_asks_rekognition_for_nothing() -> None:
    found = usage("rejected")
    assert (found.detections, dollars(found)["Rekognition"]) == (0, 0)
    assert found.write_units == 2


def test_several_executions_are_an_average() -> None:
    both = dollars(usage("labelled", "rejected"))
    assert both["Rekognition"] == pytest.approx(dollars(usage("labelled"))["Rekognition"] / 2)
    assert both["CloudWatch Logs"] == {part.name: part.usd for part in of_photo()}["CloudWatch Logs"]
    assert set(both) == {part.name for part in of_photo()}
    assert total(usage("labelled").parts()) > total(usage("rejected").parts())


def test_a_longer_step_costs_more() -> None:
    more = Usage()
    more.add(recorded("labelled").events, {name: 2 * memory for name, memory in MEMORY.items()})
    assert more.gb_seconds == pytest.approx(2 * usage("labelled").gb_seconds)
