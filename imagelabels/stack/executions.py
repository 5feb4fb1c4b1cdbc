"""The executions of the workflow: listed, described, and how each ended."""

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain, islice, tee
from typing import Any, TypeVar

from imagelabels.stack.archived import archived, key_in
from imagelabels.stack.connection import Stack
from imagelabels.stack.history import NO_STATE, EnteredState, current_state, failed_state
from imagelabels.stack.turns import waiting
from imagelabels_shared.execution_input import locate
from imagelabels_shared.models import Source
from imagelabels_shared.text import plain_cause
from imagelabels_shared.timestamps import timestamp

RUNNING = "RUNNING"
LABELLED, REJECTED, SUPERSEDED = "LABELLED", "REJECTED", "SUPERSEDED"
# The statuses of Step Functions for an execution that ended without success.
UNSUCCESSFUL = ("FAILED", "TIMED_OUT", "ABORTED")
# The errors after which a run says nothing of its photo, because another run does.
SUPERSEDING_ERRORS = {"SupersededError", "DuplicateEventError"}
NO_PHOTO = "(no photo)"
# More than one screen shows.
MOST_DESCRIBED = 100
THREADS = 8
# A run is archived a minute after its end; until then only Step Functions knows how it ended.
ARCHIVED_WITHIN = timedelta(minutes=5)
STOPPED = "It was stopped, and no reason was given."
# The most that ListExecutions returns at once.
PAGE = 1000
Found = TypeVar("Found")


@dataclass(frozen=True)
class Execution:
    """One execution. `outcome` is RUNNING, LABELLED, REJECTED, SUPERSEDED, FAILED, TIMED_OUT or ABORTED.

    `state` is the current state of a running execution and the failed state of an unsuccessful one, otherwise "";
    `retries` counts how often that state was retried. `labels` maps names to percent, the surest first; `reason` is
    a sentence for every outcome but LABELLED, of a running execution only while it waits for its turn. Of an execution
    that is read from the table, `labels` is empty, and `reason` has the names of the labels. Key, labels and reason are
    not safe to print as they are: `imagelabels.terminal.console` makes them so.
    """

    arn: str
    key: str
    state: str
    retries: int
    outcome: str
    started: datetime
    stopped: datetime | None
    labels: dict[str, float]
    reason: str

    def document(self) -> dict[str, Any]:
        """Return the execution as JSON has it; times are ISO 8601."""
        return {
            "execution": self.arn,
            "key": self.key,
            "state": self.state,
            "retries": self.retries,
            "outcome": self.outcome,
            "started": timestamp(self.started),
            "stopped": timestamp(self.stopped) if self.stopped else None,
            "labels": self.labels,
            "reason": self.reason,
        }


def newest(stack: Stack, limit: int, *, unsuccessful: bool = False) -> list[Execution]:
    """Return the newest `limit` executions, or those that ended without success, the newest first.

    Of more than MOST_DESCRIBED, those that are archived are read from the table, in one scan.
    """
    entries = _newest_unsuccessful(stack, limit) if unsuccessful else list(entries_of(stack, None, limit))
    runs = archived(stack) if len(entries) > MOST_DESCRIBED else {}
    from_table = [entry for entry in entries[MOST_DESCRIBED:] if entry["executionArn"] in runs]
    known = {entry["executionArn"]: _of_run(stack, entry, runs[entry["executionArn"]]) for entry in from_table}
    others = [entry["executionArn"] for entry in entries if entry["executionArn"] not in known]
    known |= {execution.arn: execution for execution in in_parallel(partial(describe, stack), others)}
    found = [known[entry["executionArn"]] for entry in entries]
    # Within one second ListExecutions has any order on the local stack.
    return sorted(found, key=lambda execution: execution.started, reverse=True)


def not_archived(stack: Stack, key: str) -> list[Execution]:
    """Return a photo's executions that the table may not have yet, the newest first.

    They run, or ended within ARCHIVED_WITHIN, and are among the newest MOST_DESCRIBED. Each of those costs a request.
    """
    since = datetime.now(UTC) - ARCHIVED_WITHIN
    entries = entries_of(stack, None, MOST_DESCRIBED)
    arns = [one["executionArn"] for one in entries if one["status"] == RUNNING or one["stopDate"] >= since]
    photo = {"bucket": stack.bucket, "key": key}
    found = [
        in_short(stack, answer["executionArn"], answer)
        for answer in described(stack, arns)
        if photo.items() <= (photo_in(answer["input"]) or {}).items()
    ]
    return sorted(found, key=lambda execution: execution.started, reverse=True)


def _of_run(stack: Stack, entry: dict[str, Any], run: dict[str, Any]) -> Execution:
    error = run.get("error", {})
    return Execution(
        arn=entry["executionArn"],
        key=key_in(stack, run) or NO_PHOTO,
        state="",
        retries=0,
        outcome=run["outcome"],
        started=entry["startDate"],
        stopped=entry.get("stopDate"),
        labels={},
        reason=f"{error['name']}: {error['cause']}" if error else ", ".join(run.get("labels", [])),
    )


def in_parallel(ask: Callable[[str], Found], arns: Iterable[str]) -> list[Found]:
    """Return the answers about these executions, in their order; AWS answers one at a time in 20 to 50 ms."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(ask, arns))


def described(stack: Stack, arns: Iterable[str]) -> list[dict[str, Any]]:
    """Return DescribeExecution's answers."""
    client = stack.client("stepfunctions")
    return in_parallel(lambda arn: dict(client.describe_execution(executionArn=arn)), arns)


def _newest_unsuccessful(stack: Stack, limit: int) -> list[dict[str, Any]]:
    entries = chain.from_iterable(entries_of(stack, status, limit) for status in UNSUCCESSFUL)
    return sorted(entries, key=lambda entry: entry["startDate"], reverse=True)[:limit]


def arns(stack: Stack, limit: int | None = None) -> Iterator[str]:
    """Yield the ARNs of executions, the newest first."""
    return (str(entry["executionArn"]) for entry in entries_of(stack, None, limit))


def entries_of(stack: Stack, status: str | None, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield the entries of ListExecutions for one status (None: for any), the newest first."""
    wanted = {"statusFilter": status} if status else {}
    pages = stack.client("stepfunctions").get_paginator("list_executions")
    entries = (
        entry
        for page in pages.paginate(
            stateMachineArn=stack.machine, PaginationConfig={"PageSize": min(limit or PAGE, PAGE)}, **wanted
        )
        for entry in page["executions"]
    )
    return islice(entries, limit)


def describe(stack: Stack, arn: str) -> Execution:
    """Return one execution; a running or an unsuccessful one costs a second request, for its state."""
    return in_short(stack, arn, stack.client("stepfunctions").describe_execution(executionArn=arn))


def in_short(stack: Stack, arn: str, found: dict[str, Any]) -> Execution:
    """Return the execution that an answer of DescribeExecution is about; its state costs a request as in `describe`."""
    output = json.loads(found.get("output") or "{}")
    state, turn = _state(stack, arn, found["status"])
    source = photo_in(found["input"])
    return Execution(
        arn=arn,
        key=source["key"] if source else NO_PHOTO,
        state=state.name,
        retries=state.failed_attempts,
        outcome=outcome_of(found["status"], output),
        started=found["startDate"],
        stopped=found.get("stopDate"),
        labels={label["name"]: label["confidence"] for label in output.get("detection", {}).get("labels", [])},
        reason=_reason(found, output) or turn,
    )


def _state(stack: Stack, arn: str, status: str) -> tuple[EnteredState, str]:
    """Return the state that tells most, with its retries as `failed_attempts`, and a sentence about a turn, or ""."""
    if status not in {RUNNING, *UNSUCCESSFUL}:
        return NO_STATE, ""
    pages = stack.client("stepfunctions").get_paginator("get_execution_history")
    events = (event for page in pages.paginate(executionArn=arn, reverseOrder=True) for event in page["events"])
    if status == RUNNING:
        for_state, for_turn = tee(events)
        return current_state(for_state), waiting(for_turn, datetime.now(UTC))
    failed = failed_state(events)
    # The last failed attempt was not retried.
    return failed._replace(failed_attempts=max(failed.failed_attempts - 1, 0)), ""


def _reason(found: dict[str, Any], output: dict[str, Any]) -> str:
    failure = output.get("failure", {})
    name, cause = found.get("error") or failure.get("Error", ""), found.get("cause") or failure.get("Cause", "")
    if found["status"] == "ABORTED" and not name:
        return plain_cause(cause) if cause else STOPPED
    return f"{name}: {plain_cause(cause)}" if name else ""


def output_of(stack: Stack, arn: str) -> dict[str, Any] | None:
    """Return the output of an execution; None without one, or when Step Functions has deleted it (after 90 days)."""
    output = _described(stack, arn).get("output")
    return dict(json.loads(output)) if output else None


def input_of(stack: Stack, arn: str) -> str | None:
    """Return the input of an execution; None when Step Functions has deleted it (after 90 days)."""
    return _described(stack, arn).get("input")


def _described(stack: Stack, arn: str) -> dict[str, Any]:
    states = stack.client("stepfunctions")
    try:
        return dict(states.describe_execution(executionArn=arn))
    except states.exceptions.ExecutionDoesNotExist:
        return {}


def start(stack: Stack, execution_input: str, name: str | None = None) -> str:
    """Start an execution, under a name of its own or a given one; return its ARN."""
    named = {"name": name} if name else {}
    answer = stack.client("stepfunctions").start_execution(
        stateMachineArn=stack.machine, input=execution_input, **named
    )
    return str(answer["executionArn"])


def arn_of(stack: Stack, name: str) -> str:
    """Return the ARN of an execution by its name."""
    return f"{stack.machine.replace(':stateMachine:', ':execution:')}:{name}"


def photo_in(execution_input: str) -> Source | None:
    """Return the photo that an execution's input names, None when it names none."""
    try:
        return locate(json.loads(execution_input))
    except ValueError:
        return None


def outcome_of(status: str, output: dict[str, Any]) -> str:
    """Return how an execution ended, in the words of the audit trail, from its status and its output."""
    if status != "SUCCEEDED":
        return status
    failure = output.get("failure")
    if failure is None:
        return LABELLED
    return SUPERSEDED if failure["Error"] in SUPERSEDING_ERRORS else REJECTED
