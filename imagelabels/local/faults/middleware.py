"""An ASGI middleware that makes chosen AWS calls fail."""

import asyncio
import os
import signal
from collections.abc import MutableMapping
from typing import Any

from hypercorn.events import Closed

from imagelabels.local.asgi import App, Receive, Scope, Send, read_body, replay
from imagelabels.local.faults import request
from imagelabels.local.faults.error_responses import send_error
from imagelabels.local.faults.plan import Call, Plan, Rule
from imagelabels.local.faults.running_functions import RunningFunctions

NO_PLAN: dict[str, Any] = {"rules": None}


class FaultMiddleware:
    """Without a plan every call passes untouched; with one, even an empty one, the calls are logged."""

    def __init__(self, app: App, functions: RunningFunctions) -> None:
        self._app, self._functions = app, functions
        self.plan: Plan | None = None

    def state(self) -> dict[str, Any]:
        if self.plan is None:
            return NO_PLAN
        plan = self.plan
        rules = [
            {**rule._asdict(), "matched": matched, "struck": struck}
            for rule, matched, struck in zip(plan.rules, plan.matched, plan.struck, strict=True)
        ]
        return {"seed": plan.seed, "rules": rules, "log": plan.log}

    def change(self, document: dict[str, Any]) -> None:
        """Put a plan in force, {"seed": 1, "rules": [...]}; rules null ends it. Raises UserError for a bad rule."""
        self.plan = None if document["rules"] is None else Plan(document)

    def next_fault(self, call: Call) -> Rule | None:
        return self.plan.next_fault(call) if self.plan else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self.plan is None:
            await self._app(scope, receive, send)
            return
        body = await read_body(receive)
        process, call = self._call(scope, body)
        rule = self.next_fault(call)
        again = replay(body, receive)
        match rule.fault if rule else "":
            case "throttle" | "outage" | "error" if rule:
                await send_error(rule, call, scope, send)
            case "delay" if rule:
                await asyncio.sleep(rule.seconds)
                await self._app(scope, again, send)
            case "refuse":
                await _close(send)
            case "kill-before" if process:
                os.kill(process, signal.SIGKILL)
            case "drop":
                await self._app(scope, again, _discard)
                await _close(send)
            case "kill-after" if process:
                await self._app(scope, again, _discard)
                os.kill(process, signal.SIGKILL)
            case _:
                await self._app(scope, again, send)

    def _call(self, scope: Scope, body: bytes) -> tuple[int, Call]:
        """Return the calling function's process, 0 when no function calls, and the call."""
        caller = self._functions.caller(request.headers(scope).get(b"user-agent", b""))
        action = request.action(scope, body)
        if caller is None:
            return 0, Call(action, "", request.about(scope, body))
        process, invocation = caller
        return process, invocation._replace(action=action)


async def _discard(_message: MutableMapping[str, Any]) -> None: ...


async def _close(send: Send) -> None:
    """Close the connection without a response. ASGI has no message for this, so it goes to Hypercorn's own protocol."""
    stream = send.__self__  # type: ignore[attr-defined]  # Hypercorn's `send` is a method of its stream
    await stream.send.__self__.send(Closed())
