"""The page of operations: what does not agree and what mending does, the rate in force, a backfill's progress."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from imagelabels.backfill.progress import Progress
from imagelabels.console import mending
from imagelabels.console.mending import compared, mend
from imagelabels.console.pace import pace, told
from imagelabels.console.source import Source
from imagelabels.stack.connection import Outputs, Stack
from imagelabels_shared.turns.item import DETECT_LABELS
from tests import resources
from tests.moto_aws import mocked
from tests.resources import CLAIMS, DEFINITION, IMAGES, LABELS, MACHINE, WORK

SETTINGS = '{"rekognitionPerSecond": "5"}'
SECOND = 1_000_000


@pytest.fixture
def source(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    monkeypatch.setattr(mending, "GRACE", timedelta(0))
    for name, value in resources.SETTINGS.items():
        monkeypatch.setenv(name, value)
    resources.forget_clients()
    with mocked():
        queues = resources.create()
        library = session.client("stepfunctions").create_state_machine(
            name="label-library", definition=json.dumps(DEFINITION), roleArn="arn:aws:iam::123456789012:role/machine"
        )["stateMachineArn"]
        outputs = {"ImagesBucketName": IMAGES, "LabelsTableName": LABELS, "ClaimsTableName": CLAIMS}
        outputs |= {"StateMachineArn": MACHINE, "LibraryStateMachineArn": library, "WorkBucketName": WORK}
        yield Source(Stack(session, Outputs(outputs | queues | {"Settings": SETTINGS})), write=True)
    resources.forget_clients()


def upload(source: Source, key: str) -> None:
    source.stack.client("s3").put_object(Bucket=IMAGES, Key=key, Body=b"photo")


def started(source: Source) -> int:
    return len(source.stack.client("stepfunctions").list_executions(stateMachineArn=MACHINE)["executions"])


def test_only_what_was_shown_is_mended(source: Source) -> None:
    upload(source, "a.jpg")
    upload(source, "<b>\n.jpg")
    labels = {"image_id": f"{IMAGES}/gone.jpg", "record": "IMAGE", "version": "v", "object_key": "gone.jpg"}
    source.table().put_item(Item=labels)
    found = compared(source)
    assert [one.about for one in found.findings] == [f"{IMAGES}/{key}" for key in ("<b>\n.jpg", "a.jpg", "gone.jpg")]
    assert (found.starts, found.removals, found.judged, found.more) == (2, 1, 0, False)
    assert round(found.dollars, 4) == 0.0029
    assert started(source) == 0
    upload(source, "later.jpg")
    assert [one.about for one in mend(source, found.ids[1:])] == [f"{IMAGES}/a.jpg", f"{IMAGES}/gone.jpg"]
    assert started(source) == 1
    (said,) = mend(source, ["guessed"])
    assert said.says == "Nothing of it is left to mend"
    assert started(source) == 1


def test_many_findings_are_bounded(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "MOST_FINDINGS", 3)
    for number in range(5):
        upload(source, f"{number}.jpg")
    found = compared(source)
    assert (len(found.findings), len(found.ids), found.more) == (3, 3, True)


def test_the_rate_in_force_is_that_of_the_turns(source: Source) -> None:
    now = time.time()
    rate = pace(source, now).rate
    assert (rate.limit, round(rate.now, 6), rate.slowed, rate.wait) == (5, 5, False, "")
    item = {"call_at": int((now + 90) * SECOND), "interval": 2 * round(SECOND / (5 * 0.99))}
    source.stack.client("dynamodb").put_item(
        TableName=CLAIMS,
        Item={"id": {"S": DETECT_LABELS}} | {name: {"N": str(value)} for name, value in item.items()},
    )
    rate = pace(source, now).rate
    assert (round(rate.now, 6), rate.slowed, rate.wait) == (2.5, True, "0:01:30")


def test_a_backfill_is_told_in_numbers(source: Source) -> None:
    assert pace(source).backfill is None
    begin = datetime(2026, 11, 25, tzinfo=UTC)
    counts = {"listed": 1_000, "started": 500, "skipped": 100, "running": 40, "failures": {"ThrottledError": 10}}
    run = Progress("backfill-1", "arn", "RUNNING", begin, None, cause="", per_second=5, **counts)  # type: ignore[arg-type]  # by name
    shown = told(run)
    assert (shown.status, shown.running, shown.percent) == ("Running", True, 56)
    assert shown.counts == "1,000 listed, 100 skipped, 500 started, 400 waiting"
    assert shown.started == "450 ended well, 40 running, 10 failed (10 ThrottledError)"
    assert shown.left == "About 0:01:28 left at 5 a second."
    ended = told(replace(run, status="TIMED_OUT", listed=0))
    assert (ended.status, ended.style, ended.percent, ended.running) == ("Timed out", "failed", 0, False)
