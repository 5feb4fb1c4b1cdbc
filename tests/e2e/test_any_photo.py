"""Whatever people upload: a photo is labelled with its face where it is, anything else is rejected as what it is."""

import json
from typing import Any

import pytest

from tests.corpus.bad import BAD, Bad
from tests.corpus.good import GOOD, Good
from tests.corpus.scene import Box
from tests.e2e.crowd import upload_all
from tests.e2e.stack import Stack

TOLERANCE = 0.05
# A few decoders, and a few reasons to say no; `make soak` sends all kinds.
SOME_GOOD = [
    "turned late.png",
    "turned 6.webp",
    "a heic named.jpg",
    "thermal camera.tif",
    "held upright.arw",
    "no end marker.jpg",
]
SOME_BAD = [
    "a pdf named.jpg",
    "preview of 160 pixels.dng",
    "avc inside.heic",
    "half.jpg",
    "endless passes.jpg",
    "huge.gif",
]


def face_box(stack: Stack, execution: dict[str, Any]) -> Box:
    """Return where the recognizer's whole answer, in the work bucket, has the face."""
    place = json.loads(execution["output"])["detection"]["answer"]
    body = stack.client("s3").get_object(Bucket=place["bucket"], Key=place["key"])["Body"].read()
    found = {label["Name"]: label["Instances"][0]["BoundingBox"] for label in json.loads(body)["Labels"]}["Face"]
    return Box(found["Left"], found["Top"], found["Width"], found["Height"])


def check_labelled(stack: Stack, execution: dict[str, Any], kind: Good) -> None:
    assert execution["status"] == "SUCCEEDED", execution.get("cause")
    assert ("NormalizeImage" in stack.states(execution["executionArn"])) == kind.converted
    assert face_box(stack, execution) == pytest.approx(kind.face, abs=TOLERANCE)


def check_rejected(stack: Stack, execution: dict[str, Any], kind: Bad) -> None:
    """Each state that calls a function scheduled it once: nothing was retried, and Rekognition not asked."""
    arn = execution["executionArn"]
    states = stack.states(arn)
    assert execution["status"] == "SUCCEEDED", execution.get("cause")
    assert states[-3:] == ["PublishRejection", "RecordRejection", "Rejected"]
    assert json.loads(execution["output"])["failure"]["Error"] == kind.error
    assert "DetectLabels" not in states
    scheduled = [event for event in stack.history(arn) if event["type"] == "TaskScheduled"]
    assert len(scheduled) == len(set(states) - {"StartEmpty", "NeedsNormalizing", "Rejected"})


def all_labelled(stack: Stack, folder: str, kinds: dict[str, Good]) -> None:
    executions = upload_all(stack, folder, kinds)
    assert set(executions) == set(kinds)
    for name, kind in kinds.items():
        check_labelled(stack, executions[name], kind)


def all_rejected(stack: Stack, folder: str, kinds: dict[str, Bad]) -> None:
    executions = upload_all(stack, folder, kinds)
    assert set(executions) == set(kinds)
    for name, kind in kinds.items():
        check_rejected(stack, executions[name], kind)


def test_some_kinds_of_photo_are_labelled_upright(stack: Stack) -> None:
    all_labelled(stack, "some", {name: GOOD[name] for name in SOME_GOOD})


def test_some_kinds_of_bad_file_are_rejected_as_what_they_are(stack: Stack) -> None:
    all_rejected(stack, "some", {name: BAD[name] for name in SOME_BAD})


@pytest.mark.soak
def test_every_kind_of_photo_is_labelled_upright(stack: Stack) -> None:
    assert len(GOOD) >= 40
    all_labelled(stack, "every", GOOD)
    print(f"\n{len(GOOD)} kinds of photo labelled, {sum(kind.converted for kind in GOOD.values())} of them converted")


@pytest.mark.soak
def test_every_kind_of_bad_file_is_rejected_as_what_it_is(stack: Stack) -> None:
    assert len(BAD) >= 40
    all_rejected(stack, "every", BAD)
    print(f"\n{len(BAD)} kinds of bad file rejected, none retried, no call to the recognizer")
