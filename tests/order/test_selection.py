"""`imagelabels reprocess --outcome` selects the photos whose last run ended so."""

import json

from imagelabels.reprocess.selection import Criteria, select
from tests.order.world import World
from tests.resources import IMAGES, MACHINE

FAILED = Criteria(outcome="failed")


def abort(world: World, bucket: str, key: str) -> None:
    """Start an execution for a photo, and stop it."""
    execution_input = json.dumps({"bucket": bucket, "key": key})
    started = world.states.start_execution(stateMachineArn=MACHINE, input=execution_input)
    world.states.stop_execution(executionArn=started["executionArn"])


def test_only_photos_of_the_stacks_bucket_are_selected(world: World) -> None:
    """Whoever may start executions can name any bucket in the input."""
    abort(world, IMAGES, "cat.jpg")
    abort(world, "elsewhere", "dog.jpg")
    assert [rerun.key for rerun in select(world.stack, FAILED)] == ["cat.jpg"]


def test_a_photo_that_was_labelled_since_is_not_selected(world: World) -> None:
    abort(world, IMAGES, "cat.jpg")
    version = world.upload("cat.jpg")
    world.labels.put_item(
        Item={
            "image_id": f"{IMAGES}/cat.jpg",
            "record": "IMAGE",
            "object_key": "cat.jpg",
            "version": version,
            "labelled_at": "2999-01-01T00:00:00.000+00:00",
        }
    )
    assert select(world.stack, FAILED) == []
