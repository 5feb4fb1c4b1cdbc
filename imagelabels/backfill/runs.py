"""A run: an execution of `label-library`, which goes on without this machine."""

import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile

from imagelabels.backfill.photos import Request
from imagelabels.errors import UserError
from imagelabels.stack.connection import Stack
from imagelabels_shared.library import LISTS, PER_SECOND, Entry
from imagelabels_shared.timestamps import timestamp
from imagelabels_shared.turns.schedule import photos_per_second

MOST_IN_MEMORY = 1024 * 1024
# More photos than this are started by a run: an interruption of this machine does not end it.
MOST_FROM_HERE = 1000
STOPPED = {"error": "Stopped", "cause": "Stopped with `imagelabels backfill stop`."}


def library(stack: Stack) -> str:
    """Return the ARN of the state machine `label-library`."""
    return stack.outputs["LibraryStateMachineArn"]


def rate_of(stack: Stack) -> float:
    """Return the photos a second that the account may ask Rekognition about, as the stack was told."""
    settings = json.loads(stack.outputs["Settings"])
    own = float(settings.get("customLabelsPerSecond", 0)) if settings.get("customLabelsModel") else 0
    return photos_per_second(float(settings.get("rekognitionPerSecond", PER_SECOND)), own)


def start(stack: Stack, request: Request, rate: float) -> str:
    """Start a run over the bucket, at `rate` photos a second; return its name."""
    since = timestamp(request.since) if request.since else ""
    return _start(stack, _name(), rate, prefix=request.prefix, since=since, again=request.again)


class PhotoList:
    """Photos for one run, whether or not they are labelled; a million of them are on the disk and not in memory."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115  # it ends with the list
        self.count = 0

    def add(self, entry: Entry) -> None:
        line = {"Key": entry.key, "VersionId": entry.version, "Etag": entry.etag}
        self._file.write(json.dumps({field: value for field, value in line.items() if value}).encode() + b"\n")
        self.count += 1

    def start(self, stack: Stack, rate: float) -> str:
        """Start the run; return its name. The list is in the work bucket, and the run does not need this machine."""
        name = _name()
        self._file.seek(0)
        stack.client("s3").upload_fileobj(self._file, stack.outputs["WorkBucketName"], f"{LISTS}/{name}.jsonl")
        return _start(stack, name, rate, list=f"{name}.jsonl", prefix="", again=True)


def start_list(stack: Stack, entries: Iterable[Entry], rate: float) -> str:
    """Start a run over these photos, whether or not they are labelled; return its name."""
    photos = PhotoList()
    for entry in entries:
        photos.add(entry)
    return photos.start(stack, rate)


def _name() -> str:
    return f"backfill-{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def _start(stack: Stack, name: str, rate: float, **request: object) -> str:
    text = json.dumps(request | {"perSecond": rate}, ensure_ascii=False)
    stack.client("stepfunctions").start_execution(stateMachineArn=library(stack), name=name, input=text)
    return name


def newest(stack: Stack) -> str:
    """Return the name of the newest run; raises UserError when there is none."""
    found = stack.client("stepfunctions").list_executions(stateMachineArn=library(stack), maxResults=1)["executions"]
    if not found:
        raise UserError("There is no backfill yet: `imagelabels backfill` starts one.")
    return str(found[0]["name"])


def arn_of(stack: Stack, run: str) -> str:
    return f"{library(stack).replace(':stateMachine:', ':execution:')}:{run}"


def running(stack: Stack) -> list[str]:
    """Return the names of the runs that have not ended."""
    pages = stack.client("stepfunctions").get_paginator("list_executions")
    found = pages.paginate(stateMachineArn=library(stack), statusFilter="RUNNING")
    return [str(execution["name"]) for page in found for execution in page["executions"]]


def stop(stack: Stack, run: str) -> None:
    """Stop a run; photos that it has started are still labelled."""
    stack.client("stepfunctions").stop_execution(executionArn=arn_of(stack, run), **STOPPED)
