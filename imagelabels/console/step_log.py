"""The log of one step of one execution: the lines of its function in CloudWatch Logs that name the execution."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from imagelabels.console.cache import FOR_EVER, Cache
from imagelabels.console.steps import Step
from imagelabels.stack.connection import Stack
from imagelabels.terminal.aws_errors import sentence
from imagelabels.terminal.console import as_json

# A function's ARN and a step, to lines of text.
ReadLog = Callable[[str, Step], list[str]]
# FilterLogEvents reads the whole of a time: a page of its answer may be empty, and another may follow.
MOST_LINES, MOST_PAGES = 100, 5
MOST_GROUPS = 50
# The clocks of Lambda and Step Functions differ a little; the local engine writes what a function said after its end.
BEFORE, AFTER = timedelta(seconds=2), timedelta(seconds=60)
# What every line has, and what the page says anyway.
KNOWN = {
    *("level", "message", "timestamp", "execution", "bucket", "key", "version", "service", "location", "xray_trace_id"),
    *("cold_start", "function_name", "function_memory_size", "function_arn", "function_request_id"),
}
NOTHING = "No line of the function's log names this execution; a new one takes a few seconds."


def no_log(_function: str, _step: Step) -> list[str]:
    return []


def function_of(task: dict[str, Any]) -> str:
    """Return the ARN of the function that a state of the definition invokes, "" for none."""
    return str(task.get("Parameters", {}).get("FunctionName", ""))


class StepLogs:
    """Reads the log groups of a stack's functions; which group a function has is asked once."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._groups: Cache[str] = Cache(MOST_GROUPS)

    def read(self, execution: str, function: str, step: Step) -> list[str]:
        """Return at most MOST_LINES lines of a step's log in words, or one that says why there are none."""
        try:
            return list(self._lines(execution, function, step)) or [NOTHING]
        except (ClientError, BotoCoreError) as error:
            return [f"The log cannot be read: {sentence(error)}"]

    def _lines(self, execution: str, function: str, step: Step) -> Iterator[str]:
        pages = (
            self._stack.client("logs")
            .get_paginator("filter_log_events")
            .paginate(
                logGroupName=self._groups.get(function, lambda: self._group(function), lambda _group: FOR_EVER),
                filterPattern=f'"{execution}"',
                startTime=_milliseconds(step.entered - BEFORE),
                endTime=_milliseconds((step.exited or datetime.now(UTC)) + AFTER),
                PaginationConfig={"MaxItems": MOST_LINES, "PageSize": MOST_LINES},
            )
        )
        for page in islice(pages, MOST_PAGES):
            # A name may begin with another one.
            yield from (_said(one) for one in page["events"] if f'"{execution}"' in one["message"])

    def _group(self, function: str) -> str:
        found = self._stack.client("lambda").get_function_configuration(FunctionName=function)
        return str(found.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{found['FunctionName']}")


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _said(event: dict[str, Any]) -> str:
    """Return a line as people read it: when, how bad, what, and what else is known; any other text as it is."""
    at = f"{datetime.fromtimestamp(event['timestamp'] / 1000).astimezone():%H:%M:%S.%f}"[:-3]
    try:
        line = json.loads(event["message"])
        rest = " ".join(f"{name}={_short(value)}" for name, value in line.items() if name not in KNOWN)
        return f"{at} {line['level']:<7} {line['message']} {rest}".rstrip()
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"{at} {event['message'].rstrip()}"


def _short(value: Any) -> str:
    return value if isinstance(value, str) else as_json(value)
