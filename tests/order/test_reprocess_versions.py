"""`imagelabels reprocess` runs the newest version of a photo, whatever its last run was about."""

import json

import pytest

from imagelabels.errors import UserError
from imagelabels.reprocess.photo import reprocess
from imagelabels.reprocess.selection import Criteria, select
from tests.order.world import World
from tests.resources import IMAGES, MACHINE, execution, s3_event


def run(world: World, version: str, name: str) -> None:
    """Start an execution with the event of an upload, as AWS sends it, and stop it."""
    event = json.dumps(s3_event("Object Created", "cat.jpg", version, reason="PutObject"))
    world.states.start_execution(stateMachineArn=MACHINE, input=event, name=name)
    world.states.stop_execution(executionArn=execution(name))


def test_the_newest_version_runs_though_the_last_labels_are_an_older_ones(world: World) -> None:
    labelled = world.upload("cat.jpg")
    run(world, labelled, "one")
    world.persist("cat.jpg", labelled, "Cat", arn=execution("one"))
    world.upload("cat.jpg", b"a newer version, whose run failed")
    arn = reprocess(world.stack, "cat.jpg")
    assert world.started()[arn.rsplit(":", 1)[-1]] == {"bucket": IMAGES, "key": "cat.jpg"}


def test_a_version_that_is_named_runs(world: World) -> None:
    older = world.upload("cat.jpg")
    world.upload("cat.jpg")
    arn = reprocess(world.stack, "cat.jpg", older)
    document = {"bucket": IMAGES, "key": "cat.jpg", "versionId": older}
    assert world.started()[arn.rsplit(":", 1)[-1]] == document


def test_no_execution_starts_for_what_is_not_there(world: World) -> None:
    world.upload("cat.jpg")
    world.delete("cat.jpg")
    marker = world.s3.list_object_versions(Bucket=IMAGES)["DeleteMarkers"][0]["VersionId"]
    for key, version in (("cat.jpg", ""), ("cat.jpg", marker), ("cat.jpg", "never"), ("dog.jpg", "")):
        with pytest.raises(UserError, match="There is no"):
            reprocess(world.stack, key, version)
    assert world.started() == {}


def test_failed_photos_run_with_their_newest_version(world: World) -> None:
    """The failed run may have been an older version's: it would end SUPERSEDED."""
    run(world, world.upload("cat.jpg"), "one")
    world.upload("cat.jpg")
    (rerun,) = select(world.stack, Criteria(outcome="failed"))
    assert json.loads(rerun.input) == {"bucket": IMAGES, "key": "cat.jpg"}
