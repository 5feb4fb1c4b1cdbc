"""How far a run is: what Step Functions and the table say of it, without a request for each photo."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from imagelabels.backfill.runs import arn_of
from imagelabels.errors import UserError
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import MOST_DESCRIBED, RUNNING, UNSUCCESSFUL, described, entries_of
from imagelabels_shared.library import BATCH_PREFIX, PER_SECOND, name_prefix

OTHER = "other errors"


@dataclass(frozen=True)
class Progress:
    """A run. `listed` photos are in it, as far as they have been listed; each was `started`, `skipped`, or waits.

    Of those started, some are `running`, and `failures` counts by error those that ended without success. `status` is
    that of Step Functions, and `cause` says why a run failed. `per_second` photos are started.
    """

    run: str
    arn: str
    status: str
    started_at: datetime
    stopped_at: datetime | None
    listed: int
    started: int
    skipped: int
    running: int
    failures: dict[str, int]
    cause: str
    per_second: float

    @property
    def waiting(self) -> int:
        return max(0, self.listed - self.started - self.skipped)

    @property
    def ended(self) -> int:
        """How many photos have ended without a failure: labelled, rejected, or superseded by a newer version."""
        return max(0, self.started - self.running - sum(self.failures.values()))

    @property
    def seconds_left(self) -> float:
        """About how long it takes still, if every photo that waits must be labelled."""
        waiting = self.waiting if self.status == RUNNING else 0
        return (waiting + self.running) / self.per_second


def progress(stack: Stack, run: str) -> Progress:
    """Ask for a run by its name; raises UserError when there is no such run."""
    states, arn = stack.client("stepfunctions"), arn_of(stack, run)
    try:
        found = states.describe_execution(executionArn=arn)
    except states.exceptions.ExecutionDoesNotExist:
        raise UserError(f"There is no backfill {run!r}.") from None
    counts = _counts(stack, run)
    return Progress(
        run=run,
        arn=arn,
        status=found["status"],
        started_at=found["startDate"],
        stopped_at=found.get("stopDate"),
        listed=_listed(states, arn),
        started=counts["started"],
        skipped=counts["skipped"],
        running=sum(1 for _ in _of_run(stack, run, RUNNING)),
        failures=_failures(stack, run),
        cause=": ".join(text for text in (found.get("error"), found.get("cause")) if text),
        per_second=float(json.loads(found["input"]).get("perSecond", PER_SECOND)),
    )


def _listed(states: Any, arn: str) -> int:
    runs = states.list_map_runs(executionArn=arn)["mapRuns"]
    return sum(states.describe_map_run(mapRunArn=one["mapRunArn"])["itemCounts"]["total"] for one in runs)


def _counts(stack: Stack, run: str) -> Counter[str]:
    pages = (
        stack.table()
        .meta.client.get_paginator("query")
        .paginate(
            TableName=stack.outputs["LabelsTableName"],
            KeyConditionExpression="image_id = :run AND begins_with(#record, :batch)",
            ExpressionAttributeNames={"#record": "record"},
            ExpressionAttributeValues={":run": run, ":batch": BATCH_PREFIX},
        )
    )
    counts: Counter[str] = Counter()
    for item in (item for page in pages for item in page["Items"]):
        counts.update(started=int(item["started"]), skipped=int(item["skipped"]))
    return counts


def _of_run(stack: Stack, run: str, status: str) -> list[str]:
    prefix = name_prefix(run)
    return [str(one["executionArn"]) for one in entries_of(stack, status) if one["name"].startswith(prefix)]


def _failures(stack: Stack, run: str) -> dict[str, int]:
    """Return how many executions of a run ended with each error; of many, the newest are asked for theirs."""
    arns = [arn for status in UNSUCCESSFUL for arn in _of_run(stack, run, status)]
    errors = Counter(one.get("error") or one["status"] for one in described(stack, arns[:MOST_DESCRIBED]))
    if len(arns) > MOST_DESCRIBED:
        errors[OTHER] += len(arns) - MOST_DESCRIBED
    return dict(errors.most_common())
