"""What the console asks of AWS, each answer kept as long as it stays true, so that looking at a page costs little."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from imagelabels.console.cache import FOR_EVER, Cache
from imagelabels.console.rows import name_of
from imagelabels.errors import UserError
from imagelabels.operations.audit_trail import ArchivedRun, archived_runs
from imagelabels.search.label_index import LabelIndex
from imagelabels.stack import executions
from imagelabels.stack.bulk_reads import executions_of
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import NO_PHOTO, RUNNING, Execution, photo_in

# How long an answer about something that still moves is taken for true, in seconds.
MOVING_SECONDS = 0.4
# In a list of many, a state may be a little older; what watches them looks at a few of them at a time.
GLANCE_SECONDS = 5
# How old the list may be while nothing says that something moved (`look`, `forget_lists`): Step Functions answers some
# five ListExecutions a second to all programs of an account.
LISTED_SECONDS = 5
TOLD_SECONDS = 5
COUNTED_SECONDS = 10
# Of the index of labels, for the cloud: DynamoDB reads some 60 KB for a thousand rows.
MOST_ROWS = 10_000
# A page of ListExecutions; DescribeExecution is asked for the executions that are shown, and no others.
PAGE = 100
MOST_EXECUTIONS, MOST_DESCRIPTIONS, MOST_HISTORIES = 5_000, 500, 50
# An execution of this workflow has some 40 events, and a few for each retry.
MOST_EVENTS = 2_000


class Listed(NamedTuple):
    """One page of ListExecutions, and the token of the next one, None at the end."""

    executions: tuple[dict[str, Any], ...]
    token: str | None


class Source:
    """The deployed stack as the console sees it. Methods raise botocore's own errors when AWS refuses.

    `write` says whether the console may change anything.
    """

    def __init__(self, stack: Stack, *, write: bool) -> None:
        self.stack, self.write = stack, write
        self._states = stack.client("stepfunctions")
        self._executions: Cache[Execution] = Cache(MOST_EXECUTIONS)
        self._descriptions: Cache[dict[str, Any]] = Cache(MOST_DESCRIPTIONS)
        self._histories: Cache[list[dict[str, Any]]] = Cache(MOST_HISTORIES)
        self._pages: Cache[Listed] = Cache(MOST_HISTORIES)
        self._stories: Cache[list[ArchivedRun]] = Cache(MOST_HISTORIES)
        self._counts: Cache[Counter[str]] = Cache(1)
        self._definitions: Cache[dict[str, Any]] = Cache(1)

    @property
    def local(self) -> bool:
        return self.stack.endpoint is not None

    @property
    def bucket(self) -> str:
        return self.stack.bucket

    def arn(self, name: str) -> str:
        """Return the ARN of an execution by its name."""
        return executions.arn_of(self.stack, name)

    def listed(self, status: str | None = None, token: str | None = None) -> Listed:
        """Return a page of executions of one status (None: of any), the newest first."""
        return self._pages.get((status, token), lambda: self._listed(status, token), lambda _page: LISTED_SECONDS)

    def look(self) -> Listed:
        """Return the newest page as it is now, and keep it."""
        self._pages.forget((None, None))
        return self.listed()

    def forget(self, names: Iterable[str]) -> None:
        """Ask anew about these executions, because they moved."""
        for name in names:
            self._executions.forget(self.arn(name))
            self._descriptions.forget(name)
            self._histories.forget((name, True))

    def forget_lists(self, statuses: Iterable[str | None]) -> None:
        """Ask anew for the lists of these statuses, because executions came to them or left them."""
        for status in statuses:
            self._pages.forget((status, None))

    def _listed(self, status: str | None, token: str | None) -> Listed:
        wanted = {"statusFilter": status, "nextToken": token}
        given = {name: value for name, value in wanted.items() if value}
        answer = self._states.list_executions(stateMachineArn=self.stack.machine, maxResults=PAGE, **given)
        return Listed(tuple(answer["executions"]), answer.get("nextToken"))

    def execution(self, arn: str) -> Execution:
        """Return one execution in short; an ended one is asked for once."""
        return self._executions.get(
            arn, lambda: self._in_short(arn), lambda one: _seconds(running=one.outcome == RUNNING)
        )

    def glance(self, listed: dict[str, Any]) -> Execution:
        """Return one execution for a list: a running one that is new costs one request and is in no state yet."""
        arn, running = str(listed["executionArn"]), listed["status"] == RUNNING
        look = self._brief if running else self._ended
        return self._executions.get(
            arn,
            lambda: look(arn),
            lambda one: FOR_EVER if one.outcome != RUNNING else GLANCE_SECONDS if running else 0,
        )

    def _in_short(self, arn: str) -> Execution:
        return executions.in_short(self.stack, arn, self.description(name_of(arn)))

    def _ended(self, arn: str) -> Execution:
        if self.description(name_of(arn))["status"] == RUNNING:
            self._descriptions.forget(name_of(arn))
        return self._in_short(arn)

    def _brief(self, arn: str) -> Execution:
        found = self.description(name_of(arn))
        if found["status"] != RUNNING:
            return self._in_short(arn)
        photo = photo_in(found["input"])
        return Execution(arn, photo["key"] if photo else NO_PHOTO, "", 0, RUNNING, found["startDate"], None, {}, "")

    def description(self, name: str) -> dict[str, Any]:
        """Return what DescribeExecution says; raises UserError for an execution that Step Functions does not know."""
        return self._descriptions.get(
            name, lambda: self._described(name), lambda one: _seconds(running=one["status"] == RUNNING)
        )

    def _described(self, name: str) -> dict[str, Any]:
        try:
            return dict(self._states.describe_execution(executionArn=self.arn(name)))
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"ExecutionDoesNotExist", "InvalidArn"}:
                raise
            raise UserError("There is no such execution, or it is over 90 days old and forgotten.") from error

    def history(self, name: str) -> list[dict[str, Any]]:
        """Return an execution's events, the oldest first."""
        running = self.description(name)["status"] == RUNNING
        return self._histories.get(
            (name, running), lambda: list(self._events(name)), lambda _events: _seconds(running=running)
        )

    def _events(self, name: str) -> Iterator[dict[str, Any]]:
        pages = self._states.get_paginator("get_execution_history")
        config = {"MaxItems": MOST_EVENTS, "PageSize": 1000}
        for page in pages.paginate(executionArn=self.arn(name), PaginationConfig=config):
            yield from page["events"]

    def definition(self) -> dict[str, Any]:
        """Return the deployed definition of the workflow."""
        return self._definitions.get("", self._defined, lambda _definition: FOR_EVER)

    def _defined(self) -> dict[str, Any]:
        found = self._states.describe_state_machine(stateMachineArn=self.stack.machine)
        return dict(json.loads(found["definition"]))

    def redrive(self, name: str) -> None:
        """Let an execution go on from the state in which it ended."""
        self._states.redrive_execution(executionArn=self.arn(name))
        self.forget([name])
        self._histories.forget((name, False))

    def table(self) -> Any:
        return self.stack.table()

    def story(self, key: str) -> list[ArchivedRun]:
        """Return what the audit trail tells of a photo, the first run first."""
        return self._stories.get(
            key, lambda: archived_runs(self.stack, f"{self.bucket}/{key}"), lambda _runs: TOLD_SECONDS
        )

    def label_counts(self) -> Counter[str]:
        """Return how many photos have each label, of the first MOST_ROWS rows of the index."""
        return self._counts.get("", self._counted, lambda _counts: COUNTED_SECONDS)

    def _counted(self) -> Counter[str]:
        return Counter(islice(LabelIndex(self.table()).every(), MOST_ROWS))

    def labelled_by(self, keys: list[str]) -> dict[str, str]:
        """Return the ARN of the execution that labelled each photo."""
        return executions_of(self.stack, keys)


def _seconds(*, running: bool) -> float:
    return MOVING_SECONDS if running else FOR_EVER
