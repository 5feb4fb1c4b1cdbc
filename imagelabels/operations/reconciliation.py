"""Bucket, table and executions compared photo by photo, in one pass over three sorted streams of rows."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import chain, groupby, takewhile
from typing import Any

from imagelabels.operations.external_sort import Row, sorted_on_disk
from imagelabels.stack import executions
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import ARCHIVED_WITHIN, REJECTED, RUNNING, SUPERSEDED, UNSUCCESSFUL, photo_in
from imagelabels_shared.table.records import IMAGE_RECORD, RUN_PREFIX
from imagelabels_shared.timestamps import timestamp

# The kinds of rows; every row begins with the photo and its kind.
STORED, SHOWN, ENDED, RUNS = "stored", "shown", "ended", "runs"
UNLABELLED, FAILED, STALE, ORPHANED, HANGING = "unlabelled", "failed", "stale", "orphaned", "hanging"
# What an execution mends.
STARTED = {UNLABELLED, FAILED}
MEANS = {
    UNLABELLED: "no run of this version has ended",
    FAILED: "the last run of this version failed, timed out or was aborted",
    STALE: "the table shows another version's labels, and this version was rejected",
    ORPHANED: "the table shows labels of a photo that is gone",
    HANGING: "an execution runs suspiciously long",
}
# What `fix` does about it.
DONE = {
    UNLABELLED: "started again",
    FAILED: "started again",
    STALE: "its labels are being removed",
    ORPHANED: "its labels are being removed",
}


@dataclass(frozen=True)
class Disagreement:
    """A photo on which bucket, table and executions do not agree; `problem` is a key of MEANS.

    `version` and `execution` are empty where they do not apply.
    """

    photo: str
    problem: str
    version: str = ""
    execution: str = ""


@dataclass
class Compared:
    """How many photos have been compared so far: in the bucket, in the table, or running.

    `young` of them have no labels yet, no run that goes on or failed, and are too new to be judged.
    """

    photos: int = 0
    young: int = 0


def disagreements(
    stack: Stack, *, grace: timedelta, patience: timedelta, compared: Compared | None = None
) -> Iterator[Disagreement]:
    """Yield what does not agree, sorted by photo.

    Photos younger than `grace` may still be labelled, unless their run has failed; executions older than `patience`
    count as hanging. `compared` counts as the photos are read.
    """
    now = datetime.now(UTC)
    rows = merge(
        _stored(stack, now - grace),
        sorted_on_disk(_table(stack)),
        sorted_on_disk(_failed(stack, now - grace, now - ARCHIVED_WITHIN)),
        sorted_on_disk(_running(stack, now - patience)),
    )
    return compare(rows, compared)


def compare(rows: Iterable[Row], compared: Compared | None = None) -> Iterator[Disagreement]:
    """Yield the disagreements of sorted rows: (photo, kind, fields of the kind)."""
    counted = compared or Compared()
    for photo, group in groupby(rows, key=lambda row: row[0]):
        known = list(group)
        # Of a photo that is gone, only the runs that ended are left.
        counted.photos += any(row[1] != ENDED for row in known)
        yield from _judge(photo, known, counted)


def _judge(photo: str, rows: list[Row], counted: Compared) -> Iterator[Disagreement]:
    fields: dict[str, list[Row]] = {
        kind: [row[2:] for row in rows if row[1] == kind] for kind in (STORED, SHOWN, ENDED, RUNS)
    }
    for execution, slow, _version in fields[RUNS]:
        if slow:
            yield Disagreement(photo, HANGING, execution=execution)
    if not fields[STORED] and not fields[RUNS]:
        yield from (Disagreement(photo, ORPHANED, version) for (version,) in fields[SHOWN])
    for version, settled in fields[STORED]:
        # A run that names no version has the newest one.
        runs = any(of in {version, ""} for _execution, _slow, of in fields[RUNS])
        problem = None if runs else _problem(version, fields[SHOWN], fields[ENDED])
        if problem and (settled or problem == FAILED):
            yield Disagreement(photo, problem, version)
        counted.young += bool(problem) and not settled and problem != FAILED


def _problem(version: str, shown: list[Row], ended: list[Row]) -> str | None:
    """Return what is wrong with a stored photo's newest version; the runs that ended are sorted by time."""
    if (version,) in shown:
        return None
    outcomes = [outcome for _time, outcome, of in ended if of in {version, ""} and outcome != SUPERSEDED]
    last = outcomes[-1] if outcomes else None
    if last == REJECTED:
        return STALE if shown else None
    return FAILED if last in UNSUCCESSFUL else UNLABELLED


def _stored(stack: Stack, settled: datetime) -> Iterator[Row]:
    """Yield the newest version of each photo; S3 lists keys by their UTF-8 bytes, which is Python's order of text."""
    pages = stack.client("s3").get_paginator("list_object_versions").paginate(Bucket=stack.bucket, Prefix=stack.prefix)
    for version in (version for page in pages for version in page.get("Versions", [])):
        if version["IsLatest"] and not version["Key"].endswith("/"):
            old = "settled" if version["LastModified"] < settled else ""
            yield f"{stack.bucket}/{version['Key']}", STORED, version["VersionId"], old


def _table(stack: Stack) -> Iterator[Row]:
    """Yield what the table has of each photo: the version whose labels it shows, and how runs ended."""
    table = stack.table()
    pages = table.meta.client.get_paginator("scan").paginate(
        TableName=table.name,
        FilterExpression="#record = :image OR begins_with(#record, :runs)",
        ExpressionAttributeNames={"#record": "record"},
        ExpressionAttributeValues={":image": IMAGE_RECORD, ":runs": RUN_PREFIX},
    )
    return (_row(item) for page in pages for item in page["Items"])


def _row(item: dict[str, Any]) -> Row:
    if item["record"] == IMAGE_RECORD:
        return item["image_id"], SHOWN, item["version"]
    return item["image_id"], ENDED, item["recorded_at"], item["outcome"], item.get("version", "")


def _failed(stack: Stack, started: datetime, ended: datetime) -> Iterator[Row]:
    """Yield the runs without success since these times, which the table may not have yet; each costs a request."""
    every = chain.from_iterable(
        # The newest come first, so the first old one is the last to look at.
        takewhile(lambda entry: entry["startDate"] >= started, executions.entries_of(stack, status))
        for status in UNSUCCESSFUL
    )
    for entry in (entry for entry in every if entry["stopDate"] >= ended):
        photo = photo_in(executions.input_of(stack, entry["executionArn"]) or "")
        if photo:
            subject, version = f"{photo['bucket']}/{photo['key']}", photo.get("versionId", "")
            yield subject, ENDED, timestamp(entry["stopDate"]), entry["status"], version


def _running(stack: Stack, slow: datetime) -> Iterator[Row]:
    """Yield the photos of running executions; each costs a request, for the execution's input."""
    for entry in executions.entries_of(stack, RUNNING):
        arn = entry["executionArn"]
        photo = photo_in(executions.input_of(stack, arn) or "")
        hangs = "slow" if entry["startDate"] < slow else ""
        subject = f"{photo['bucket']}/{photo['key']}" if photo else arn
        yield subject, RUNS, arn, hangs, photo.get("versionId", "") if photo else ""


def fix(stack: Stack, disagreement: Disagreement) -> bool:
    """Start what is missing, or have left-over labels removed; return False for what only a person can judge."""
    bucket, key = disagreement.photo.split("/", 1)
    photo = {"bucket": bucket, "key": key}
    if disagreement.problem in STARTED:
        executions.start(stack, json.dumps(photo | {"versionId": disagreement.version}))
    elif disagreement.problem in {STALE, ORPHANED}:
        message = json.dumps({"rejected": photo})
        stack.client("sqs").send_message(QueueUrl=stack.outputs["RemovalQueueUrl"], MessageBody=message)
    return disagreement.problem != HANGING
