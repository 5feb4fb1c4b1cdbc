"""A pytest that has collected every fast test once, and runs some in a child process for each mutant.

Imports and collection are most of the time of a short run. The child gets the functions or constants of the mutant;
what else an import executes needs a new process (`pytest_process`). Programs that tests start read the copy's file.
"""

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, TextIO

import pytest

from tools.mutants.patched import NotHereError, patch
from tools.mutants.pytest_process import OPTIONS, Ending

PASSED, FAILED, NOT_HERE = 0, 1, 2


class WarmProcess:
    """The process in a copy of the checkout, seen by the program that has the mutants."""

    def __init__(self, folder: Path, tests: list[str]) -> None:
        command = [sys.executable, "-m", "tools.mutants.warm_process", *tests]
        self._process = subprocess.Popen(  # noqa: S603  # our own program
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def run(self, file: str, texts: tuple[str, str], tests: list[str], seconds: float) -> Ending | None:
        """Run tests with the second text of a file instead of the first; None when a new process is needed."""
        assert self._process.stdin is not None  # noqa: S101  # as made above
        assert self._process.stdout is not None  # noqa: S101  # as made above
        self._process.stdin.write(json.dumps([file, *texts, tests, seconds]) + "\n")
        self._process.stdin.flush()
        answer: Ending | None = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        self._process.communicate()


class _Server:
    """The plugin that answers requests instead of running all tests."""

    def __init__(self, requests: TextIO, answers: TextIO) -> None:
        self._requests, self._answers = requests, answers

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        for line in self._requests:
            file, plain, text, tests, seconds = json.loads(line)
            child = os.fork()
            if not child:
                os._exit(_judged(session, (file, plain, text), [items[test] for test in tests if test in items]))
            self._answers.write(json.dumps(_ending(child, seconds)) + "\n")
            self._answers.flush()
        return True


def _judged(session: pytest.Session, texts: tuple[str, str, str], items: list[pytest.Item]) -> int:
    os.setsid()
    try:
        patch(*texts)
    except NotHereError:
        return NOT_HERE
    except Exception:  # noqa: BLE001  # the module cannot be imported, which every test of it would notice
        return FAILED
    following: list[Any] = [*items[1:], None]
    for item, after in zip(items, following, strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if session.testsfailed:
            return FAILED
    return PASSED


def _ending(child: int, seconds: float) -> Ending | None:
    ended, _, _ = select.select([os.pidfd_open(child)], [], [], seconds)
    if not ended:
        os.killpg(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if not ended:
        return "late"
    return {PASSED: "passed", NOT_HERE: None}.get(code, "failed")


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), "r")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    pytest.main(
        [*(option for option in OPTIONS if option != "-x"), *sys.argv[1:]], plugins=[_Server(requests, answers)]
    )


if __name__ == "__main__":
    main()
