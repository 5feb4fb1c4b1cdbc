"""Bucket, table and executions compared, photo by photo, in one pass over three sorted streams."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import groupby
from typing import Any

from imagelabels.operations.audit_story import plain
from imagelabels.operations.external_sort import Row, sorted_on_disk
from imagelabels.stack.connection import Connection
from imagelabels_shared.execution_input import locate
from imagelabels_shared.table.records import IMAGE_RECORD, RUN_PREFIX

# The kinds of rows; every row begins with the photo and its kind.
STORED, SHOWN, ENDED, RUNS = "stored", "shown", "ended", "runs"
UNLABELLED, FAILED, STALE, ORPHANED, HANGING = "unlabelled", "failed", "stale", "orphaned", "hanging"
FAILURES = {"FAILED", "ABORTED", "TIMED_OUT"}
MEANS = {
    UNLABELLED: "no run of this version has ended",
    FAILED: "the last run of this version failed",
    STALE: "the table shows another version's labels, and this version was rejected",
    ORPHANED: "the table shows labels of a photo that is gone",
    HANGING: "an execution runs suspiciously long",
}


@dataclass(frozen=True)
class Finding:
    """One thing that does not agree. `version` and `execution` are empty where they say nothing."""

    photo: str
    problem: str
    version: str = ""
    execution: str = ""


def findings(connection: Connection, *, grace: timedelta, patience: timedelta) -> Iterator[Finding]:
    """Yield what does not agree, sorted by photo; photos younger than `grace` may still be on their way."""
    now = datetime.now(UTC)
    rows = merge(
        stored(connection, now - grace),
        sorted_on_disk(known(connection)),
        sorted_on_disk(running(connection, now - patience)),
    )
    return compare(rows)


def compare(rows: Iterable[Row]) -> Iterator[Finding]:
    """Yield the findings of sorted rows: (photo, kind, what the kind says)."""
    for photo, group in groupby(rows, key=lambda row: row[0]):
        yield from _judge(photo, list(group))


def _judge(photo: str, rows: list[Row]) -> Iterator[Finding]:
    said: dict[str, list[Row]] = {kind: [row[2:] for row in rows if row[1] == kind] for kind in (STORED, SHOWN, RUNS)}
    for execution, slow in said[RUNS]:
        if slow:
            yield Finding(photo, HANGING, execution=execution)
    if said[RUNS]:
        return
    ended = [row[2:] for row in rows if row[1] == ENDED]
    if not said[STORED]:
        yield from (Finding(photo, ORPHANED, version) for (version,) in said[SHOWN])
    for version, settled in said[STORED]:
        problem = _problem(version, said[SHOWN], ended)
        if settled and problem:
            yield Finding(photo, problem, version)


def _problem(version: str, shown: list[Row], ended: list[Row]) -> str | None:
    """Say what is wrong with a stored photo's newest version; the runs that ended are sorted by time."""
    if (version,) in shown:
        return None
    outcomes = [outcome for _time, outcome, of in ended if of in {version, ""} and outcome != "SUPERSEDED"]
    last = outcomes[-1] if outcomes else None
    if last == "REJECTED":
        return STALE if shown else None
    return FAILED if last in FAILURES else UNLABELLED


def stored(connection: Connection, settled: datetime) -> Iterator[Row]:
    """Yield the newest version of each photo; S3 lists keys by their UTF-8 bytes, which is the order of text."""
    bucket = connection.outputs["ImagesBucketName"]
    for page in connection.client("s3").get_paginator("list_object_versions").paginate(Bucket=bucket):
        for one in page.get("Versions", []):
            if one["IsLatest"] and not one["Key"].endswith("/"):
                old = "settled" if one["LastModified"] < settled else ""
                yield f"{bucket}/{one['Key']}", STORED, one["VersionId"], old


def known(connection: Connection) -> Iterator[Row]:
    """Yield what the table says of each photo: the version it shows, and how runs ended."""
    pages = (
        connection.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=connection.outputs["LabelsTableName"],
            FilterExpression="#record = :image OR begins_with(#record, :runs)",
            ExpressionAttributeNames={"#record": "record"},
            ExpressionAttributeValues={":image": {"S": IMAGE_RECORD}, ":runs": {"S": RUN_PREFIX}},
        )
    )
    return (_known(plain({"M": item})) for page in pages for item in page["Items"])


def _known(item: dict[str, Any]) -> Row:
    if item["record"] == IMAGE_RECORD:
        return item["image_id"], SHOWN, item["version"]
    return item["image_id"], ENDED, item["recorded_at"], item["outcome"], item.get("version", "")


def running(connection: Connection, slow: datetime) -> Iterator[Row]:
    """Yield the photos that executions are busy with; each costs a request, for the execution's input."""
    states, machine = connection.client("stepfunctions"), connection.outputs["StateMachineArn"]
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine, statusFilter="RUNNING")
    for one in (execution for page in pages for execution in page["executions"]):
        found = states.describe_execution(executionArn=one["executionArn"])
        hangs = "slow" if one["startDate"] < slow else ""
        yield _photo(found["input"]) or one["executionArn"], RUNS, one["executionArn"], hangs


def _photo(execution_input: str) -> str | None:
    try:
        source = locate(json.loads(execution_input))
    except ValueError:
        return None
    return f"{source['bucket']}/{source['key']}"


def fix(connection: Connection, finding: Finding) -> bool:
    """Start what is missing; return False for what only a person can judge."""
    bucket, key = finding.photo.split("/", 1)
    photo = {"bucket": bucket, "key": key}
    if finding.problem in {UNLABELLED, FAILED}:
        again = json.dumps(photo | {"versionId": finding.version})
        connection.client("stepfunctions").start_execution(
            stateMachineArn=connection.outputs["StateMachineArn"], input=again
        )
    elif finding.problem in {STALE, ORPHANED}:
        connection.client("sqs").send_message(
            QueueUrl=connection.outputs["RemovalQueueUrl"], MessageBody=json.dumps({"rejected": photo})
        )
    return finding.problem != HANGING
