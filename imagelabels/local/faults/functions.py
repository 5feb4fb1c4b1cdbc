"""The Lambda functions that run now: whose process makes a call, what it works on, and an end to it."""

import json
import os
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from imagelabels.local.faults.plan import Call
from imagelabels.local.template import PROCESS

# botocore writes AWS_SDK_UA_APP_ID, which the bootstrap sets to its process id, into each User-Agent.
CALLER = re.compile(rb"app/" + PROCESS.encode() + rb"(\d+)")


class Functions:
    """Who is at work: each running function's worker and its event."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._working: dict[Any, Call] = {}

    @contextmanager
    def working(self, worker: Any, call: Call) -> Iterator[None]:
        with self._lock:
            self._working[worker] = call
        try:
            yield
        finally:
            with self._lock:
                del self._working[worker]

    def caller(self, user_agent: bytes) -> tuple[int, Call] | None:
        """Return the process and the invocation that a request comes from, None when it is not a function's."""
        match = CALLER.search(user_agent)
        process = int(match[1]) if match else 0
        with self._lock:
            for worker, call in self._working.items():
                if process and worker._proc and worker._proc.pid == process:  # noqa: SLF001  # the emulator's only record of it
                    return process, call
        return None


def invocation(config: dict[str, Any], event: Any) -> Call:
    """Return the invocation of a function as a call: `validate_image.handler.handler` is ValidateImage."""
    folder = str(config.get("Handler", "")).split(".", maxsplit=1)[0]
    name = "".join(word.capitalize() for word in folder.split("_"))
    return Call("lambda:Invoke", name, json.dumps(event, ensure_ascii=False))


def kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
