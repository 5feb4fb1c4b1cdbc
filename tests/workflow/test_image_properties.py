"""Colours and quality go through the definition; the one of the last release leaves them behind and nothing fails."""

import json
from typing import Any

import pytest

from imagelabels_shared.aws import client
from tests.pictures import picture
from tests.workflow.machine import IMAGES, Machine
from tests.workflow.test_in_flight import RECORDED

PROPERTIES = {
    "Quality": {"Brightness": 20.0, "Sharpness": 80.0},
    "DominantColors": [{"SimplifiedColor": "red", "PixelPercent": 60.0}],
}


@pytest.fixture
def asked(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let Rekognition answer properties, and the stack ask for them."""
    assert machine
    monkeypatch.setenv("IMAGE_PROPERTIES", "true")
    events, event = client("rekognition").meta.events, "after-call.rekognition.DetectLabels"

    def answered(parsed: dict[str, Any], **_more: Any) -> None:
        parsed["ImageProperties"] = PROPERTIES

    events.register(event, answered)
    yield
    events.unregister(event, answered)


def stored(machine: Machine, key: str) -> dict[str, dict[str, Any]]:
    items = machine.table.query(
        KeyConditionExpression="image_id = :image", ExpressionAttributeValues={":image": f"{IMAGES}/{key}"}
    )["Items"]
    return {item["record"]: item for item in items}


@pytest.mark.usefixtures("asked")
def test_colours_and_quality_reach_the_table_and_the_report(machine: Machine) -> None:
    machine.put("red.jpg", picture())
    assert machine.run({"bucket": IMAGES, "key": "red.jpg"}).status == "SUCCEEDED"
    found = stored(machine, "red.jpg")
    assert {"PROPERTY#colour:red", "PROPERTY#quality:dark", "PROPERTY#quality:blurry"} < set(found)
    assert found["IMAGE"]["quality"] == {"brightness": 20, "sharpness": 80}
    (report,) = (json.loads(envelope["Message"]) for envelope in machine.reports())
    assert report["imageProperties"]["dominantColors"] == [{"color": "red", "percent": 60.0}]


@pytest.mark.usefixtures("asked")
def test_an_execution_of_the_last_release_ends_without_them(machine: Machine) -> None:
    """Its definition takes the fields that it knows of the answer; the photo gets labels, as it was started to."""
    arn = machine.create("last-with-properties", json.dumps(RECORDED["definition"]))
    machine.put("older.jpg", picture())
    assert machine.run({"bucket": IMAGES, "key": "older.jpg"}, machine=arn).status == "SUCCEEDED"
    assert not [record for record in stored(machine, "older.jpg") if record.startswith("PROPERTY#")]
    (report,) = (json.loads(envelope["Message"]) for envelope in machine.reports())
    assert "imageProperties" not in report
