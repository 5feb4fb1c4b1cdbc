"""Faults on the ways inside the emulator that no request takes: invocations, deliveries, the audit queue.

The emulator has no hooks for these; a test of every fault on each of them holds this file to its inner functions.
"""

import contextvars
import json
import threading
from collections.abc import Callable
from typing import Any

from ministack.core.lambda_runtime import ProvidedWorker
from ministack.services import eventbridge, stepfunctions

from imagelabels.local.faults.functions import Functions, invocation
from imagelabels.local.faults.layer import Faults
from imagelabels.local.faults.plan import Call, Rule

SEND = "arn:aws:states:::sqs:sendMessage"
INVOKE_ERRORS = {
    "throttle": "Lambda.TooManyRequestsException",
    "outage": "Lambda.ServiceException",
    "drop": "Lambda.ClientExecutionTimeoutException",
}
SEND_ERRORS = {
    "throttle": "SQS.RequestThrottledException",
    "outage": "SQS.AmazonSQSException",
    "refuse": "SQS.SdkClientException",
    "drop": "SQS.SdkClientException",
}
SENTENCE = "This call was told to fail."


def invoke_through(faults: Faults, working: Functions) -> None:
    """Let `faults` strike invocations, as lambda:Invoke of the invoked function."""
    invoke = ProvidedWorker.invoke

    def invoke_with_faults(worker: Any, event: Any, request_id: str, **named: Any) -> dict[str, Any]:
        call = invocation(worker.config, event)
        rule = faults.strike(call)
        if rule and rule.fault in {"throttle", "outage", "error"}:
            return _failed(rule)
        if rule and rule.fault == "delay":
            _pause(rule)
        with working.working(worker, call):
            result: dict[str, Any] = invoke(worker, event, request_id, **named)
        return _failed(rule) if rule and rule.fault == "drop" else result

    ProvidedWorker.invoke = invoke_with_faults


def _failed(rule: Rule) -> dict[str, Any]:
    name = rule.error or INVOKE_ERRORS[rule.fault]
    return {"status": "error", "error": SENTENCE, "error_payload": {"errorType": name, "errorMessage": SENTENCE}}


def _pause(rule: Rule) -> None:
    threading.Event().wait(rule.seconds)


def record_through(faults: Faults) -> None:
    """Let `faults` strike the workflow's own sqs:SendMessage; its caller is LabelImage."""
    plain = stepfunctions._SERVICE_DISPATCH[SEND]  # noqa: SLF001

    def send_with_faults(resource: str, message: dict[str, Any]) -> Any:
        rule = faults.strike(Call("sqs:SendMessage", "LabelImage", json.dumps(message, ensure_ascii=False)))
        if rule and rule.fault == "delay":
            _pause(rule)
        if rule is None or rule.fault == "delay":
            return plain(resource, message)
        if rule.fault == "drop":
            plain(resource, message)
        name = rule.error or SEND_ERRORS[rule.fault]
        raise stepfunctions._ExecutionError(name, SENTENCE)  # noqa: SLF001

    stepfunctions._SERVICE_DISPATCH[SEND] = send_with_faults  # noqa: SLF001


def deliver_through(faults: Faults) -> None:
    """Let `faults` strike EventBridge's deliveries, as events:Deliver by the event's detail-type."""
    plain = eventbridge._invoke_target  # noqa: SLF001
    held: dict[Rule, list[Callable[[], None]]] = {}

    def deliver_with_faults(target: Any, event: Any, rule: Any, view: Any = None) -> None:
        scope = contextvars.copy_context()

        def deliver() -> None:
            scope.copy().run(plain, target, event, rule, view)

        call = Call("events:Deliver", str(event.get("DetailType")), json.dumps(event, ensure_ascii=False, default=str))
        fault = faults.strike(call)
        match fault.fault if fault else "":
            case "twice":
                deliver()
                deliver()
            case "late" if fault:
                threading.Timer(fault.seconds, deliver).start()
            case "reversed" if fault:
                _hold(held.setdefault(fault, []), deliver, fault.of)
            case _:
                deliver()

    eventbridge._invoke_target = deliver_with_faults  # noqa: SLF001


def _hold(waiting: list[Callable[[], None]], deliver: Callable[[], None], enough: int) -> None:
    waiting.append(deliver)
    if len(waiting) == enough:
        while waiting:
            waiting.pop()()
