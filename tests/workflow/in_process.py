"""Lambda and SQS as moto has them, but functions run our handlers here, and both obey the plan of faults."""

import importlib
import json
import traceback
from typing import Any

import pytest
from moto.awslambda.models import LambdaFunction
from moto.core.exceptions import JsonRESTError
from moto.sqs.models import SQSBackend

from tests.lambda_context import Context
from tests.workflow.faults import Faults
from tests.workflow.machine import REMOVALS

PUBLISHING = {"LABELLED": "PublishReport", "REJECTED": "PublishRejection", "FAILED": "PublishFailure"}
RECORDING = {
    "LABELLED": "RecordOutcome",
    "REJECTED": "RecordRejection",
    "SUPERSEDED": "RecordSuperseded",
    "FAILED": "RecordFailure",
}


def install(monkeypatch: pytest.MonkeyPatch, faults: Faults) -> None:
    """Replace how moto's Lambda invokes and let its SQS fail; function names are folder names."""

    def invoke(function: LambdaFunction, body: str, _headers: Any, response_headers: Any) -> bytes:
        event = json.loads(body)
        call: dict[str, Any] = {}
        try:
            state = _state(function.function_name, event)
            faults.strike(state)
            call |= {"state": state, "function": function.function_name, "event": event}
            faults.calls.append(call)
            answer = call["answer"] = faults.answered(state, called(function.function_name, event))
        except (JsonRESTError, TimeoutError):
            raise
        except Exception as error:  # noqa: BLE001  # as Lambda does
            response_headers["x-amz-function-error"] = "Unhandled"
            call["error"] = type(error).__name__
            answer = _unhandled(error)
        return json.dumps(answer).encode()

    send = SQSBackend.send_message

    def send_message(backend: SQSBackend, queue_name: str, message_body: str, *rest: Any, **more: Any) -> Any:
        record = json.loads(message_body)
        if queue_name == REMOVALS:
            _strike(faults, "RequestRemoval")
        elif "recordedAt" in record:
            _strike(faults, _recording(record))
        return send(backend, queue_name, message_body, *rest, **more)

    monkeypatch.setattr(LambdaFunction, "invoke", invoke)
    monkeypatch.setattr(SQSBackend, "send_message", send_message)


def _recording(record: dict[str, Any]) -> str:
    if record["outcome"] == "SUPERSEDED" and record["error"]["name"] == "DuplicateEventError":
        return "RecordDuplicate"
    if record["outcome"] == "REJECTED" and not record["image"]:
        return "RecordNotFound"
    return RECORDING[record["outcome"]]


def _strike(faults: Faults, state: str) -> None:
    try:
        faults.strike(state)
    except TimeoutError:
        raise
    except Exception as error:
        raise JsonRESTError("ServiceUnavailable", str(error)) from error


def _state(function_name: str, event: dict[str, Any]) -> str:
    if "outcome" in event:
        return PUBLISHING[event["outcome"]]
    return "".join(word.capitalize() for word in function_name.split("_"))


def called(function_name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Return what a step's handler answers, as Lambda passes it on."""
    handler = importlib.import_module(f"{function_name}.handler").handler
    return dict(json.loads(json.dumps(handler(event, Context()))))


def _unhandled(error: Exception) -> dict[str, Any]:
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }
