"""pytest in a process that has the libraries already, which saves most of the time of a short run.

This module imports nothing of the project: the process must import it from the copy with the mutant.
"""

import multiprocessing
import os
import signal
import sys
from pathlib import Path
from typing import Literal

import pytest

# Imported once, and shared by every process: what the tests import that is not ours.
LIBRARIES = ["boto3", "botocore.session", "moto", "moto.core.models", "PIL.Image", "pytest"]


Ending = Literal["passed", "failed", "late"]


def run(folder: Path, tests: list[str], seconds: float) -> Ending:
    """Run tests in a copy of the checkout up to the first that fails; `late` means that they were stopped."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LIBRARIES)
    process = context.Process(target=_run, args=(str(folder), tests))
    process.start()
    process.join(seconds)
    if process.is_alive():
        # Its group has what the tests started.
        os.killpg(process.pid or 0, signal.SIGKILL)
        process.join()
        return "late"
    return "failed" if process.exitcode else "passed"


def _run(folder: str, tests: list[str]) -> None:
    os.setsid()
    os.chdir(folder)
    sys.path[:0] = [f"{folder}/functions", folder]
    for descriptor in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
    os._exit(pytest.main(["-x", "-q", "-m", "not soak", "-p", "no:cacheprovider", *tests]))
