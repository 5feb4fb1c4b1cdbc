"""Executions of the pipeline and of the null pipelines, in turn: a burst, and one photo at a time."""

import io
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from statistics import median
from typing import Any, NamedTuple

from PIL import Image

from imagelabels.stack.connection import Stack
from tools.bench import null_workflow

THREADS = 8
LOOK_SECONDS = 0.2
END_SECONDS = 300
# How many photos are labelled one by one in each round.
ALONE = 5
Say = Callable[[str], None]
# What is measured, by side: one value for each round.
Series = dict[str, list[float]]
PIPELINE, NULL, NULL_WITH_LOG = "pipeline", "null", "null with a log line"


class Measured(NamedTuple):
    """Photos a second of bursts, seconds of one photo, and seconds of each Task of one photo; each by side."""

    burst: Series
    one: Series
    steps: dict[str, Series]


class Bench:
    """`photos` are those of a burst."""

    def __init__(self, stack: Stack, photos: int, say: Say) -> None:
        self._stack, self._photos, self._say = stack, photos, say
        self._uploaded = 0
        self._only_the_workflow()
        self._say("Recording the answers of the functions ...")
        answers = self._recorded()
        self._machines = {
            PIPELINE: stack.machine,
            NULL: null_workflow.create(stack, "null", null_workflow.SILENT, answers),
            NULL_WITH_LOG: null_workflow.create(stack, "null-with-log", null_workflow.LOGGING, answers),
        }

    def _only_the_workflow(self) -> None:
        """Let uploads start nothing, and mail wait: a digest is mailed a minute later, in another's measurement."""
        events, aws = self._stack.client("events"), self._stack.client("lambda")
        reports = self._stack.outputs["ReportsQueueUrl"].rpartition("/")[2]
        for rule in events.list_rule_names_by_target(TargetArn=self._stack.machine)["RuleNames"]:
            events.disable_rule(Name=rule)
        for mapping in aws.list_event_source_mappings()["EventSourceMappings"]:
            if mapping["EventSourceArn"].endswith(f":{reports}"):
                aws.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)

    def _recorded(self) -> dict[str, Any]:
        """Return each function's answer: those to a photo that is converted, then to one that is not."""
        functions, answers = null_workflow.functions(), {}
        for kind in ("GIF", "JPEG"):
            (run,) = self._run(self._stack.machine, self._inputs(1, kind))
            for state, event in _ended_tasks(self._history(run)):
                if state in functions:
                    answers[functions[state]] = json.loads(event["output"])["Payload"]
        return answers

    def measure(self, rounds: int) -> Measured:
        """Run all sides in turn; the first round, which starts the functions, does not count."""
        measured = Measured(defaultdict(list), defaultdict(list), defaultdict(lambda: defaultdict(list)))
        for number in range(rounds + 1):
            self._say(f"Round {number} of {rounds}: {self._photos} photos at once, then {ALONE} one by one ...")
            for side, machine in self._machines.items():
                rate = self._burst(machine)
                seconds, tasks = self._one(machine)
                if number:
                    measured.burst[side].append(rate)
                    measured.one[side].append(seconds)
                    for state, took in tasks.items():
                        measured.steps[state][side].append(took)
        return measured

    def _burst(self, machine: str) -> float:
        """Return how many photos a second were labelled, from the first start to the last end."""
        runs = [self._described(arn) for arn in self._run(machine, self._inputs(self._photos, "JPEG"))]
        begin, end = min(run["startDate"] for run in runs), max(run["stopDate"] for run in runs)
        return self._photos / _seconds(begin, end)

    def _one(self, machine: str) -> tuple[float, dict[str, float]]:
        """Return how long one photo takes, and each of its Tasks: the median of a few."""
        times: dict[str, list[float]] = defaultdict(list)
        totals = []
        for _ in range(ALONE):
            (arn,) = self._run(machine, self._inputs(1, "JPEG"))
            run = self._described(arn)
            totals.append(_seconds(run["startDate"], run["stopDate"]))
            for state, took in task_seconds(self._history(arn)):
                times[state].append(took)
        return median(totals), {state: median(took) for state, took in times.items()}

    def _inputs(self, photos: int, kind: str) -> list[str]:
        """Upload new photos, and return the input of an execution for each."""
        first, self._uploaded = self._uploaded, self._uploaded + photos
        body = _photo(kind)
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(lambda number: self._upload(f"bench/{number:06}", body), range(first, first + photos)))

    def _upload(self, name: str, body: bytes) -> str:
        bucket, key = self._stack.bucket, f"{self._stack.prefix}{name}"
        version = self._stack.client("s3").put_object(Bucket=bucket, Key=key, Body=body)["VersionId"]
        return json.dumps({"bucket": bucket, "key": key, "versionId": version})

    def _run(self, machine: str, inputs: list[str]) -> list[str]:
        """Run an execution for each input, and wait until all have ended."""
        start = self._stack.client("stepfunctions").start_execution
        with ThreadPoolExecutor(THREADS) as pool:
            arns = list(pool.map(lambda text: str(start(stateMachineArn=machine, input=text)["executionArn"]), inputs))
        deadline = time.monotonic() + END_SECONDS
        while self._running(machine):
            if time.monotonic() > deadline:
                raise RuntimeError(f"Executions of {machine} have not ended after {END_SECONDS} s.")
            time.sleep(LOOK_SECONDS)
        return arns

    def _running(self, machine: str) -> bool:
        listed = self._stack.client("stepfunctions").list_executions(
            stateMachineArn=machine, statusFilter="RUNNING", maxResults=1
        )
        return bool(listed["executions"])

    def _described(self, arn: str) -> dict[str, Any]:
        run: dict[str, Any] = self._stack.client("stepfunctions").describe_execution(executionArn=arn)
        if run["status"] != "SUCCEEDED":
            raise RuntimeError(f"{arn} ended {run['status']}: {run.get('error')} {run.get('cause')}")
        return run

    def _history(self, arn: str) -> list[dict[str, Any]]:
        pages = self._stack.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn)
        return [event for page in pages for event in page["events"]]


def _ended_tasks(history: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    state = ""
    for event in history:
        if "stateEnteredEventDetails" in event:
            state = event["stateEnteredEventDetails"]["name"]
        elif "taskSucceededEventDetails" in event:
            yield state, event["taskSucceededEventDetails"]


def task_seconds(history: list[dict[str, Any]]) -> Iterator[tuple[str, float]]:
    """Yield each Task of an execution with its seconds, from the events of its history in order."""
    entered: datetime | None = None
    for event in history:
        if event["type"] == "TaskStateEntered":
            entered = event["timestamp"]
        elif event["type"] == "TaskStateExited" and entered:
            yield event["stateExitedEventDetails"]["name"], _seconds(entered, event["timestamp"])


def _seconds(begin: datetime, end: datetime) -> float:
    return (end - begin).total_seconds()


def _photo(kind: str) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, kind)
    return file.getvalue()
