"""Work that stops before each of its AWS calls, so that a test chooses which process continues."""

import threading
from collections.abc import Callable
from typing import Any

_current = threading.local()


class Process:
    """One execution, or one message, in a thread of its own; it runs only inside `resume`.

    `before` is the operation that it is about to call.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self.ended, self.before = False, ""
        self.error: BaseException | None = None
        self._go, self._paused = threading.Semaphore(0), threading.Semaphore(0)
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    def resume(self) -> None:
        """Make the pending AWS call, and run up to the next call or the end."""
        if not self.ended:
            self._go.release()
            self._paused.acquire()
        if self.error:
            raise self.error

    def pause(self, operation: str) -> None:
        self.before = operation
        self._paused.release()
        self._go.acquire()

    def _run(self, work: Callable[[], None]) -> None:
        _current.process = self
        self._go.acquire()
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # raised again in the test's thread
            self.error = error
        self.ended = True
        self._paused.release()


# The schedule of turns, which has nothing of a photo: tests/unit/test_turns.py interleaves its updates.
OF_TURNS = "UpdateItem"


def stop_before_call(model: Any, **_call: Any) -> None:
    """Pause the calling process; a hook for botocore's `before-call`. Calls of the test itself pass."""
    process: Process | None = getattr(_current, "process", None)
    if process and model.name != OF_TURNS:
        process.pause(model.name)
