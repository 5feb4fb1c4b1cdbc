"""What `imagelabels backfill` counts, lists, starts, shows and stops."""

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from imagelabels.backfill import runs
from imagelabels.backfill.inventory import inventory
from imagelabels.backfill.photos import Counted, Request, in_spelling, objects, to_label
from imagelabels.backfill.progress import Progress, progress
from imagelabels.commands import reconcile
from imagelabels.errors import UserError
from imagelabels.operations import reconciliation
from imagelabels.operations.reconciliation import UNLABELLED, Disagreement
from imagelabels.stack.connection import Outputs, Stack
from imagelabels_shared.aws import client
from imagelabels_shared.library import Entry
from tests import resources
from tests.resources import DEFINITION, IMAGES, LABELS, MACHINE, WORK

ALL = Request(prefix="", since=None, again=False)
REPORTS = "reports"
MANIFEST = f"s3://{REPORTS}/images/all/2026-11-25T01-00Z/manifest.json"
COLUMNS = "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, LastModifiedDate, ETag"


@pytest.fixture
def stack(aws: None) -> Stack:  # noqa: ARG001  # the fixture's effect
    resources.create()
    made = boto3.client("stepfunctions").create_state_machine(
        name="label-library", definition=json.dumps(DEFINITION), roleArn="arn:aws:iam::123456789012:role/machine"
    )
    outputs = {
        "ImagesBucketName": IMAGES,
        "LabelsTableName": LABELS,
        "LibraryStateMachineArn": made["stateMachineArn"],
        "Settings": "{}",
        "StateMachineArn": MACHINE,
        "WorkBucketName": WORK,
    }
    return Stack(boto3.Session(), Outputs(outputs))


def uploaded(*keys: str) -> dict[str, str]:
    """Put objects; return the ETag of each."""
    put = client("s3").put_object
    return {key: put(Bucket=IMAGES, Key=key, Body=key.encode())["ETag"].strip('"') for key in keys}


def labelled(key: str, etag: str) -> None:
    fields = {"image_id": f"{IMAGES}/{key}", "record": "IMAGE", "etag": etag, "version": "v", "execution": "arn"}
    client("dynamodb").put_item(TableName=LABELS, Item={name: {"S": value} for name, value in fields.items()})


def chosen(stack: Stack, request: Request = ALL) -> tuple[list[str], Counted]:
    counted = Counted()
    entries = to_label(stack, objects(stack, request.prefix), request, counted)
    return [entry.key for entry in entries], counted


def test_photos_without_labels_are_counted_apart_from_those_with(stack: Stack) -> None:
    etags = uploaded("a.jpg", "b.jpg", "folder/", *(f"many/{number:03}.jpg" for number in range(250)))
    labelled("a.jpg", etags["a.jpg"])
    labelled("b.jpg", "of an older version")
    keys, counted = chosen(stack)
    assert counted == Counted(photos=251, labelled=1)
    assert keys[0] == "b.jpg"
    assert len(set(keys)) == 251


def test_prefix_time_and_again_choose(stack: Stack) -> None:
    etags = uploaded("2024/a.jpg", "2025/b.jpg")
    labelled("2024/a.jpg", etags["2024/a.jpg"])
    assert chosen(stack, Request("2024/", None, again=True))[0] == ["2024/a.jpg"]
    assert chosen(stack, Request("2024/", None, again=False)) == ([], Counted(photos=0, labelled=1))
    later = datetime(2100, 1, 1, tzinfo=UTC)
    assert chosen(stack, Request("", later, again=True))[0] == []


def test_a_prefix_is_found_in_the_spelling_of_the_bucket(stack: Stack) -> None:
    composed, decomposed = "\u00e9t\u00e9/", "e\u0301te\u0301/"
    uploaded(f"{decomposed}a.jpg")
    assert in_spelling(stack, composed) == decomposed
    uploaded(f"{composed}a.jpg")
    with pytest.raises(UserError, match="both spellings"):
        in_spelling(stack, composed)


def report(*rows: str, source: str = IMAGES, file_format: str = "CSV") -> None:
    """Write an inventory report as S3 does: a manifest, and files of rows, compressed."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=REPORTS)
    s3.put_object(Bucket=REPORTS, Key="data/1.csv.gz", Body=gzip.compress("\n".join(rows).encode()))
    manifest = {
        "sourceBucket": source,
        "destinationBucket": f"arn:aws:s3:::{REPORTS}",
        "fileFormat": file_format,
        "fileSchema": COLUMNS,
        "files": [{"key": "data/1.csv.gz"}],
    }
    s3.put_object(Bucket=REPORTS, Key=MANIFEST.split("/", 3)[3], Body=json.dumps(manifest).encode())


def test_an_inventory_has_the_newest_version_of_each_object(stack: Stack) -> None:
    time = "2026-11-24T12:00:00.000Z"
    report(
        f'"images","a+photo%C3%A9.jpg","v2","true","false","{time}","e2"',
        f'"images","a+photo%C3%A9.jpg","v1","false","false","{time}","e1"',
        f'"images","deleted.jpg","v3","true","true","{time}",""',
    )
    entry = Entry("a photoé.jpg", "v2", "e2", datetime(2026, 11, 24, 12, tzinfo=UTC))
    assert list(inventory(stack, MANIFEST)) == [entry]


@pytest.mark.parametrize(
    ("told", "says"),
    [({"source": "others"}, "The inventory is of others"), ({"file_format": "ORC"}, "in ORC; only CSV can be read")],
)
def test_an_inventory_that_cannot_be_used_is_refused(stack: Stack, told: dict[str, str], says: str) -> None:
    report("", **told)
    with pytest.raises(UserError, match=says):
        list(inventory(stack, MANIFEST))


def test_an_address_that_is_no_manifest_is_refused(stack: Stack) -> None:
    for address, says in (("manifest.json", "not 'manifest.json'"), (MANIFEST, "There is no s3://")):
        with pytest.raises(UserError, match=says):
            list(inventory(stack, address))


def given(stack: Stack, run: str) -> dict[str, Any]:
    text = stack.client("stepfunctions").describe_execution(executionArn=runs.arn_of(stack, run))["input"]
    return dict(json.loads(text))


def test_a_run_over_the_bucket_is_told_what_was_asked_for(stack: Stack) -> None:
    since = datetime(2026, 11, 20, tzinfo=UTC)
    run = runs.start(stack, Request("2024/", since, again=True), 5)
    asked = {"prefix": "2024/", "since": "2026-11-20T00:00:00.000Z", "again": True, "perSecond": 5}
    assert given(stack, run) == asked
    assert runs.newest(stack) == run


def test_a_list_is_in_the_work_bucket_before_its_run_starts(stack: Stack) -> None:
    run = runs.start_list(stack, [Entry("é.jpg", "v1", "", None), Entry("b.jpg", "", "e", None)], 5)
    assert given(stack, run) == {"list": f"{run}.jsonl", "prefix": "", "again": True, "perSecond": 5}
    lines = client("s3").get_object(Bucket=WORK, Key=f"library/lists/{run}.jsonl")["Body"].read().splitlines()
    assert [json.loads(line) for line in lines] == [{"Key": "é.jpg", "VersionId": "v1"}, {"Key": "b.jpg", "Etag": "e"}]


def test_the_rate_is_the_stacks(stack: Stack) -> None:
    assert runs.rate_of(stack) == 5
    stack.outputs["Settings"] = json.dumps({"rekognitionPerSecond": "50"})
    assert runs.rate_of(stack) == 50
    own = {"customLabelsModel": "arn:aws:rekognition:...", "customLabelsPerSecond": "4"}
    stack.outputs["Settings"] = json.dumps({"rekognitionPerSecond": "50"} | own)
    assert runs.rate_of(stack) == 4


def test_a_run_that_is_stopped_does_not_run(stack: Stack) -> None:
    run = runs.start(stack, ALL, 5)
    assert runs.running(stack) == [run]
    runs.stop(stack, run)
    assert runs.running(stack) == []


def test_without_a_run_there_is_none_to_show(stack: Stack) -> None:
    with pytest.raises(UserError, match="There is no backfill yet"):
        runs.newest(stack)
    with pytest.raises(UserError, match="There is no backfill 'other'"):
        progress(stack, "other")


def test_what_is_left_takes_its_time() -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    run = Progress("r", "arn", "RUNNING", now, None, 1000, 300, 100, 20, {"AccessDeniedError": 3}, "", 10)
    assert (run.waiting, run.ended, run.seconds_left) == (600, 277, 62)


def test_more_than_a_thousand_photos_to_fix_become_one_run(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first thousand are started from here; the others are on the list of a run."""
    found = [Disagreement(f"{IMAGES}/{number:04}.jpg", UNLABELLED, "v1") for number in range(1_003)]
    fixed: list[Disagreement] = []

    def fix(_stack: Stack, one: Disagreement) -> bool:
        fixed.append(one)
        return True

    monkeypatch.setattr(reconcile, "connect", lambda: stack)
    monkeypatch.setattr(reconcile, "confirm", lambda *_words, **_options: None)
    monkeypatch.setattr(reconciliation, "disagreements", lambda *_words, **_options: found)
    monkeypatch.setattr(reconciliation, "fix", fix)
    reconcile.reconcile(fix=True)
    run = runs.newest(stack)
    lines = client("s3").get_object(Bucket=WORK, Key=f"library/lists/{run}.jsonl")["Body"].read().splitlines()
    assert len(fixed) == 1_000
    assert [json.loads(line) for line in lines] == [
        {"Key": f"{number}.jpg", "VersionId": "v1"} for number in range(1000, 1003)
    ]
    assert f"3 of the photos are labelled by {run}" in capsys.readouterr().err
