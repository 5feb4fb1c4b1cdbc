"""Corrections of two things about S3's events that the emulator does not do as AWS does."""

import contextvars
import json
import uuid
from typing import Any

from ministack.services import eventbridge, s3, stepfunctions

_version: contextvars.ContextVar[str | None] = contextvars.ContextVar("version", default=None)


def name_versions() -> None:
    """Put the object version into each S3 event: the emulator leaves it out, S3 does not for a versioned bucket."""
    fire, dispatch = s3._fire_s3_event, eventbridge._dispatch_event  # noqa: SLF001  # the emulator has no hook

    def fire_with_version(*arguments: Any, version_id: str | None = None, **named: Any) -> None:
        _version.set(version_id)
        fire(*arguments, version_id=version_id, **named)

    def dispatch_with_version(event: dict[str, Any], view: Any = None) -> None:
        version = _version.get()
        if version and event["Source"] == "aws.s3":
            detail = json.loads(event["Detail"])
            detail["object"]["version-id"] = version
            event["Detail"] = json.dumps(detail)
        dispatch(event, view)

    s3._fire_s3_event = fire_with_version  # noqa: SLF001
    eventbridge._dispatch_event = dispatch_with_version  # noqa: SLF001


def name_executions() -> None:
    """Name executions that a rule starts as EventBridge does, with the event's id and a UUID."""

    def start(machine: str, payload: str) -> None:
        if stepfunctions._resolve_state_machine_arn(machine) is not None:  # noqa: SLF001
            name = f"{json.loads(payload)['id']}_{uuid.uuid4()}"
            stepfunctions._start_execution(  # noqa: SLF001
                {"stateMachineArn": machine, "input": payload, "name": name}
            )

    eventbridge._dispatch_to_stepfunctions = start  # noqa: SLF001
