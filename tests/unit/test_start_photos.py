"""StartPhotos starts each photo of a batch once, skips what is labelled, and keeps to the rate."""

import json
from typing import Any

import boto3
import pytest

from imagelabels_shared.aws import client
from imagelabels_shared.errors import ThrottledError
from imagelabels_shared.library import entry_of, execution_name
from start_photos.handler import handler
from tests import resources
from tests.lambda_context import Context
from tests.resources import IMAGES, LABELS, MACHINE
from tests.unit.aws_errors import refusal, refuse

RUN = "backfill-20261125T170000-abcdef"
CHILD = "arn:aws:states:us-east-1:123456789012:execution:label-library/Bucket:child"


@pytest.fixture(autouse=True)
def _stack(aws: None) -> None:  # noqa: ARG001  # the fixture's effect
    resources.create()


def item(key: str, etag: str = "abc", modified: int = 1_764_000_000) -> dict[str, Any]:
    """Return an object as ListObjectsV2 in a Distributed Map has it."""
    return {"Etag": f'"{etag}"', "Key": key, "LastModified": modified, "Size": 9, "StorageClass": "STANDARD"}


def batch(*items: dict[str, Any], full: int = 100, **request: Any) -> dict[str, Any]:
    """Run the function with a batch; return what it answers."""
    given = {"prefix": "", "list": "", **request}
    event = {"execution": CHILD, "run": RUN, "request": given, "items": list(items), "atOnce": 4, "full": full}
    return handler(event, Context())


def started() -> dict[str, dict[str, Any]]:
    """Return the input of each execution of `label-image`, by its name."""
    states = boto3.client("stepfunctions")
    found = states.list_executions(stateMachineArn=MACHINE)["executions"]
    inputs = {one["name"]: states.describe_execution(executionArn=one["executionArn"])["input"] for one in found}
    return {name: json.loads(text) for name, text in inputs.items()}


def keys() -> list[str]:
    return sorted(document["key"] for document in started().values())


def labelled(key: str, etag: str = "abc", version: str = "v1", execution: str = "other") -> None:
    item = {"image_id": f"{IMAGES}/{key}", "record": "IMAGE", "etag": etag, "version": version}
    fields = {name: {"S": value} for name, value in item.items()}
    fields["execution"] = {"S": f"{MACHINE.replace('stateMachine', 'execution')}:{execution}"}
    client("dynamodb").put_item(TableName=LABELS, Item=fields)


def test_each_photo_of_the_batch_is_started_in_the_lane_of_a_backfill() -> None:
    assert batch(item("a.jpg"), item("été b.jpg")) == {"started": 2, "skipped": 0, "waitSeconds": 0}
    assert list(started().values()) == [
        {"bucket": IMAGES, "key": key, "lane": "backfill"} for key in [one["key"] for one in started().values()]
    ]
    assert keys() == ["a.jpg", "été b.jpg"]


def test_a_second_attempt_at_the_batch_starts_nothing_twice() -> None:
    first = batch(item("a.jpg"), item("b.jpg"))
    assert batch(item("a.jpg"), item("b.jpg")) == first
    assert keys() == ["a.jpg", "b.jpg"]


def test_a_photo_that_an_earlier_attempt_had_labelled_counts_as_started() -> None:
    labelled("a.jpg", execution=execution_name(RUN, entry_of(item("a.jpg"))))
    assert batch(item("a.jpg"))["started"] == 1


def test_a_photo_with_labels_is_skipped_and_a_replaced_one_is_not() -> None:
    labelled("a.jpg")
    labelled("b.jpg", etag="before")
    assert batch(item("a.jpg"), item("b.jpg")) == {"started": 1, "skipped": 1, "waitSeconds": 0}
    assert keys() == ["b.jpg"]


def test_again_labels_what_is_labelled() -> None:
    labelled("a.jpg")
    assert batch(item("a.jpg"), again=True)["started"] == 1


def test_a_line_of_a_list_may_name_a_version() -> None:
    labelled("a.jpg", version="v1")
    assert batch({"Key": "a.jpg", "VersionId": "v1"})["skipped"] == 1
    batch({"Key": "a.jpg", "VersionId": "v2"})
    (document,) = started().values()
    assert document["versionId"] == "v2"


def test_folders_other_prefixes_and_older_photos_are_left_out() -> None:
    old, new = item("2024/old.jpg", modified=1_600_000_000), item("2024/new.jpg")
    batch(old, new, item("2024/"), item("2023/new.jpg"), prefix="2024/", since="2025-01-01T00:00:00.000Z")
    assert keys() == ["2024/new.jpg"]


def test_a_full_batch_waits_for_the_rate_of_all_batches_together() -> None:
    """Four batches at a time, two photos each, two a second: four seconds from start to start."""
    assert batch(item("a.jpg"), item("b.jpg"), full=2, perSecond=2)["waitSeconds"] == 4


def test_a_skipped_photo_takes_no_time() -> None:
    labelled("a.jpg")
    assert batch(item("a.jpg"), full=1, perSecond=1)["waitSeconds"] == 0


def test_the_table_counts_the_photos_of_the_batch_once() -> None:
    for _attempt in range(2):
        batch(item("a.jpg"), item("folder/"))
    key = {"image_id": {"S": RUN}, "record": {"S": "BATCH#child"}}
    found = client("dynamodb").get_item(TableName=LABELS, Key=key)["Item"]
    assert (found["started"], found["skipped"]) == ({"N": "1"}, {"N": "1"})
    assert int(found["expires_at"]["N"])


@pytest.mark.parametrize("rate", [0, -1, "fast", None])
def test_a_rate_that_is_none_is_refused(rate: Any) -> None:
    with pytest.raises(ValueError, match="perSecond must be a number above 0"):
        batch(item("a.jpg"), perSecond=rate)


def test_throttling_has_the_name_that_the_definition_retries() -> None:
    refuse(client("stepfunctions"), "StartExecution", refusal("ExecutionLimitExceeded", operation="StartExecution"))
    with pytest.raises(ThrottledError):
        batch(item("a.jpg"))


def test_an_execution_name_fits_and_is_of_one_object_of_one_run() -> None:
    entry = entry_of(item("a" * 1000))
    names = {
        execution_name(run, one)
        for run in (RUN, "r" * 80, "r" * 79)
        for one in (entry, entry._replace(etag="other"), entry._replace(version="other"))
    }
    assert len(names) == 9
    assert max(map(len, names)) <= 80
