"""`backfill` through the real entry point: what is in the bucket already is labelled once, without this machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from imagelabels.backfill.progress import Progress, progress
from imagelabels.stack.executions import photo_in
from tests.e2e.command import answer, as_on_aws, assert_refused, imagelabels
from tests.e2e.stack import DEADLINE_SECONDS, Stack, eventually
from tests.e2e.test_least_privilege import LOGS, permissions, taken_away
from tests.pictures import picture
from tests.signed import signed

PHOTOS = 8


@contextmanager
def without_events(stack: Stack) -> Iterator[None]:
    """Let uploads start nothing, as in a bucket that was there before the stack."""
    events = stack.client("events")
    (rule,) = events.list_rule_names_by_target(TargetArn=stack.outputs["StateMachineArn"])["RuleNames"]
    events.disable_rule(Name=rule)
    try:
        yield
    finally:
        events.enable_rule(Name=rule)


@pytest.fixture(scope="module")
def library(stack: Stack) -> list[str]:
    """Photos that are in the bucket and have no labels, and a folder made in the S3 console."""
    keys = [f"library/été {number:02}.png" for number in range(PHOTOS)]
    with without_events(stack):
        for key in [*keys, "library/"]:
            stack.client("s3").put_object(Bucket=stack.bucket, Key=key, Body=picture("PNG"))
    return keys


@pytest.fixture
def quick(stack: Stack) -> Iterator[None]:
    """Let the recognizer answer at once."""
    switch = f"{stack.outputs['endpoint']}/_local/recognizer"
    assert signed(stack.session, "PUT", switch, {"mode": "fixed"}).status == 200
    yield
    assert signed(stack.session, "DELETE", switch).status == 200


def started(stack: Stack, run: str) -> list[str]:
    """Return the key of each execution of a run."""
    arns = [arn for arn in stack.executions() if f":{run}-" in arn]
    photos = [photo_in(stack.ended(arn)["input"]) for arn in arns]
    return sorted(photo["key"] for photo in photos if photo)


@pytest.mark.usefixtures("quick")
def test_photos_that_are_in_the_bucket_are_labelled_once(stack: Stack, home: Path, library: list[str]) -> None:
    plan = answer(home, "backfill", "--prefix", "library/", "--rate", "8", "--dry-run")
    assert {name: plan[name] for name in ("photos", "labelled", "seconds")} == {
        "photos": PHOTOS,
        "labelled": 0,
        "seconds": 1,
    }
    run = answer(home, "backfill", "--prefix", "library/", "--rate", "8")["run"]

    def over() -> Progress | None:
        found = progress(stack.as_operator, run)
        return found if found.status != "RUNNING" and not found.running else None

    found = eventually(over, 2 * DEADLINE_SECONDS)
    assert (found.status, found.listed, found.skipped, found.failures) == ("SUCCEEDED", PHOTOS + 1, 1, {})
    assert (found.started, found.ended) == (PHOTOS, PHOTOS)
    assert started(stack, run) == library
    assert all("IMAGE" in stack.items(key) for key in library)
    assert answer(home, "backfill", "--prefix", "library/")["labelled"] == PHOTOS
    shown = imagelabels(home, "backfill", "status", "--run", run).stdout
    assert f"{PHOTOS} labelled, rejected or superseded, 0 running, 0 failed" in shown


def test_what_cannot_be_is_refused(stack: Stack, home: Path, library: list[str], tmp_path: Path) -> None:
    assert library
    assert_refused(imagelabels(home, "backfill", "stop"), "No backfill runs.")
    assert_refused(imagelabels(home, "backfill", "status", "--run", "none"), "There is no backfill 'none'.")
    assert_refused(imagelabels(home, "backfill", "status", "--again"), "takes --run and --json only", 2)
    nowhere = imagelabels(home, "backfill", "--inventory", f"s3://{stack.bucket}/none/manifest.json")
    assert_refused(nowhere, f"There is no s3://{stack.bucket}/none/manifest.json.")
    somebody = imagelabels(tmp_path, "backfill", "--prefix", "library/", "--again", **as_on_aws(stack))
    assert "Nobody is here to ask: add --yes." in somebody.stderr


def test_every_permission_of_the_function_is_necessary(stack: Stack) -> None:
    """The function starts an execution for a photo that is not there, which is a quick end."""

    def fails() -> bool:
        items = [{"Key": "privilege/never uploaded.jpg", "Etag": str(uuid4())}]
        request = {"prefix": "", "again": False}
        event = {"execution": "child", "run": "privilege", "request": request, "items": items, "atOnce": 4, "full": 100}
        answer = stack.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
        return "FunctionError" in answer

    every = stack.client("lambda").list_functions()["Functions"]
    (name,) = [one["FunctionName"] for one in every if one["Handler"].startswith("start_photos.")]
    asked = [one for one in permissions(stack, {"StartPhotos"}) if not one.action.startswith(LOGS)]
    assert len(asked) == 3
    assert not fails()
    for permission in asked:
        with taken_away(stack, permission):
            assert fails(), f"{permission.action} is not necessary"
    assert not fails()
