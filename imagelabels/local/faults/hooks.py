"""Faults on what the emulator does without an HTTP request: invocations, event deliveries, the workflow's own messages.

The emulator has no hooks, so each function here replaces a private function of it. The fault matrix tries every fault
on each of them, and fails when one is lost.
"""

import contextvars
import json
import threading
from collections.abc import Callable
from typing import Any

from ministack.core.lambda_runtime import ProvidedWorker
from ministack.services import eventbridge, stepfunctions

from imagelabels.local.faults.middleware import FaultMiddleware
from imagelabels.local.faults.plan import MESSAGE, Call, Rule
from imagelabels.local.faults.running_functions import RunningFunctions, invocation_of

SEND_MESSAGE = "arn:aws:states:::sqs:sendMessage"
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


def install(faults: FaultMiddleware, functions: RunningFunctions) -> None:
    """Put all hooks into the emulator of this process."""
    _hook_invocations(faults, functions)
    _hook_messages(faults)
    _hook_deliveries(faults)


def _hook_invocations(faults: FaultMiddleware, functions: RunningFunctions) -> None:
    """Inject faults into invocations, as lambda:Invoke of the invoked function."""
    invoke = ProvidedWorker.invoke

    def invoke_with_faults(worker: Any, event: Any, request_id: str, **named: Any) -> dict[str, Any]:
        call = invocation_of(worker.config, event)
        rule = faults.next_fault(call)
        if rule and rule.fault in {"throttle", "outage", "error"}:
            return _failed(rule)
        if rule and rule.fault == "delay":
            _delay(rule)
        with functions.invoked(worker, call):
            result: dict[str, Any] = invoke(worker, event, request_id, **named)
        return _failed(rule) if rule and rule.fault == "drop" else result

    ProvidedWorker.invoke = invoke_with_faults


def _failed(rule: Rule) -> dict[str, Any]:
    name = rule.error or INVOKE_ERRORS[rule.fault]
    return {"status": "error", "error": MESSAGE, "error_payload": {"errorType": name, "errorMessage": MESSAGE}}


def _delay(rule: Rule) -> None:
    threading.Event().wait(rule.seconds)


def _hook_messages(faults: FaultMiddleware) -> None:
    """Inject faults into the workflow's own sqs:SendMessage; its caller is LabelImage."""
    send_message = stepfunctions._SERVICE_DISPATCH[SEND_MESSAGE]  # noqa: SLF001

    def send_with_faults(resource: str, message: dict[str, Any]) -> Any:
        rule = faults.next_fault(Call("sqs:SendMessage", "LabelImage", json.dumps(message, ensure_ascii=False)))
        if rule and rule.fault == "delay":
            _delay(rule)
        if rule is None or rule.fault == "delay":
            return send_message(resource, message)
        if rule.fault == "drop":
            send_message(resource, message)
        name = rule.error or SEND_ERRORS[rule.fault]
        raise stepfunctions._ExecutionError(name, MESSAGE)  # noqa: SLF001

    stepfunctions._SERVICE_DISPATCH[SEND_MESSAGE] = send_with_faults  # noqa: SLF001


def _hook_deliveries(faults: FaultMiddleware) -> None:
    """Inject faults into EventBridge's deliveries, as events:Deliver; the function is the event's detail-type."""
    invoke_target = eventbridge._invoke_target  # noqa: SLF001
    held: dict[Rule, list[Callable[[], None]]] = {}

    def deliver_with_faults(target: Any, event: Any, rule: Any, view: Any = None) -> None:
        context = contextvars.copy_context()

        def deliver() -> None:
            context.copy().run(invoke_target, target, event, rule, view)

        call = Call("events:Deliver", str(event.get("DetailType")), json.dumps(event, ensure_ascii=False, default=str))
        fault = faults.next_fault(call)
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


def _hold(held: list[Callable[[], None]], deliver: Callable[[], None], count: int) -> None:
    """Hold a delivery until there are `count`, then make them in reverse."""
    held.append(deliver)
    if len(held) == count:
        while held:
            held.pop()()
