"""The page of mail on AWS: the last reports, from the audit trail."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from imagelabels.console.reports import reports
from imagelabels.console.source import Source
from imagelabels_shared.table.records import run_record
from imagelabels_shared.timestamps import timestamp
from tests.console.executions_in_moto import ended, stack_in_moto
from tests.moto_aws import mocked


@pytest.fixture
def source(session: boto3.Session) -> Iterator[Source]:
    with mocked():
        yield Source(stack_in_moto(session), write=False)


def archive(source: Source, listed: dict[str, Any], key: str, **run: Any) -> None:
    arn, started = listed["executionArn"], timestamp(listed["startDate"])
    item = {"image_id": f"images/{key}", "record": run_record(started, arn), "execution": arn}
    item |= {"stages": {"started": started, "recorded": started}, "recorded_at": started}
    source.table().put_item(Item=item | run)


def test_the_newest_reports_are_told_and_nothing_that_was_not_mailed(source: Source) -> None:
    ended(source, 5, photos=5)
    newest_last = sorted(source.listed().executions, key=lambda one: one["name"])
    archive(source, newest_last[0], "0.jpg", outcome="LABELLED", labels=["Dog", "Pet"])
    archive(source, newest_last[1], "1.jpg", outcome="FAILED", error={"name": "ThrottledError", "cause": "Slow."})
    archive(source, newest_last[2], "2.jpg", outcome="SUPERSEDED", labels=[])
    archive(source, newest_last[3], "3.jpg", outcome="FAILED", bare=True)
    told = {one.key: one for one in reports(source)}
    assert {key: (one.outcome, one.said) for key, one in told.items()} == {
        "0.jpg": ("Labelled", "Dog, Pet"),
        "1.jpg": ("Failed", "ThrottledError: Slow."),
    }
    assert told["0.jpg"].name == "run-0"


def test_a_stack_without_executions_has_no_reports(source: Source) -> None:
    assert reports(source) == []
