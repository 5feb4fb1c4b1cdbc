"""The Lambda functions that run now, by the process of each, so that a request can be traced to its function."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from imagelabels.local.faults.plan import Call
from imagelabels.local.template import PROCESS

# botocore writes AWS_SDK_UA_APP_ID, which the bootstrap sets to its process id, into each User-Agent.
PROCESS_ID = re.compile(rb"app/" + PROCESS.encode() + rb"(\d+)")


class RunningFunctions:
    """The emulator's workers that run a function now, and the invocation of each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._invocations: dict[Any, Call] = {}

    @contextmanager
    def invoked(self, worker: Any, invocation: Call) -> Iterator[None]:
        with self._lock:
            self._invocations[worker] = invocation
        try:
            yield
        finally:
            with self._lock:
                del self._invocations[worker]

    def caller(self, user_agent: bytes) -> tuple[int, Call] | None:
        """Return the process and the invocation that sent a request, None when no function sent it."""
        match = PROCESS_ID.search(user_agent)
        process = int(match[1]) if match else 0
        with self._lock:
            for worker, invocation in self._invocations.items():
                # The emulator keeps the process only in this private field.
                if process and worker._proc and worker._proc.pid == process:  # noqa: SLF001
                    return process, invocation
        return None


def invocation_of(config: dict[str, Any], event: Any) -> Call:
    """Return the invocation of a function as a call: `validate_image.handler.handler` is ValidateImage."""
    folder = str(config.get("Handler", "")).split(".", maxsplit=1)[0]
    name = "".join(word.capitalize() for word in folder.split("_"))
    return Call("lambda:Invoke", name, json.dumps(event, ensure_ascii=False))
