"""An ASGI app around another one that makes chosen calls fail, as AWS and networks do."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from hypercorn.events import Closed

from imagelabels.local.asgi import App, Receive, Scope, Send, read_body, replay
from imagelabels.local.faults import functions, request
from imagelabels.local.faults.answers import answer
from imagelabels.local.faults.functions import Functions
from imagelabels.local.faults.plan import Call, Plan, Rule

RESTING: dict[str, Any] = {"rules": None}


class Faults:
    """Without a plan every call passes untouched; with one, even an empty one, the calls are logged."""

    def __init__(self, app: App, working: Functions) -> None:
        self._app, self._working = app, working
        self.plan: Plan | None = None

    def state(self) -> dict[str, Any]:
        if self.plan is None:
            return RESTING
        plan = self.plan
        rules = [
            {**rule._asdict(), "matched": matched, "struck": struck}
            for rule, matched, struck in zip(plan.rules, plan.matched, plan.struck, strict=True)
        ]
        return {"seed": plan.seed, "rules": rules, "log": plan.log}

    def change(self, document: dict[str, Any]) -> None:
        """Put a plan in force, {"seed": 1, "rules": [...]}; rules null ends it. Raises UserError for a bad rule."""
        self.plan = None if document["rules"] is None else Plan(document)

    def strike(self, call: Call) -> Rule | None:
        return self.plan.strike(call) if self.plan else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self.plan is None:
            await self._app(scope, receive, send)
            return
        body = await read_body(receive)
        process, call = self._call(scope, body)
        rule = self.strike(call)
        again = replay(body, receive)
        match rule.fault if rule else "":
            case "throttle" | "outage" | "error" if rule:
                await answer(rule, call, scope, send)
            case "delay" if rule:
                await asyncio.sleep(rule.seconds)
                await self._app(scope, again, send)
            case "refuse":
                await _close(send)
            case "kill-before" if process:
                functions.kill(process)
            case "drop":
                await self._app(scope, again, _nowhere)
                await _close(send)
            case "kill-after" if process:
                await self._app(scope, again, _nowhere)
                functions.kill(process)
            case _:
                await self._app(scope, again, send)

    def _call(self, scope: Scope, body: bytes) -> tuple[int, Call]:
        known = self._working.caller(request.headers(scope).get(b"user-agent", b""))
        action = request.action(scope, body)
        if known is None:
            return 0, Call(action, "", request.about(scope, body))
        process, invoked = known
        return process, invoked._replace(action=action)


async def _nowhere(_message: MutableMapping[str, Any]) -> None: ...


async def _close(send: Send) -> None:
    """Close the connection without an answer. ASGI has no word for it, so this asks Hypercorn's own protocol."""
    stream = send.__self__  # type: ignore[attr-defined]  # Hypercorn's `send` is a method of its stream
    await stream.send.__self__.send(Closed())
