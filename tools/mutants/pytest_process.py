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
LIBRARIES = [
    *("boto3", "botocore.session", "moto", "moto.core.models", "moto.stepfunctions.models", "pytest", "hypothesis"),
    *("PIL.Image", "aws_lambda_powertools", "aws_lambda_powertools.metrics", "aws_lambda_powertools.utilities.batch"),
    *("aws_lambda_powertools.utilities.data_classes.sqs_event", "jinja2", "pillow_heif", "typer.testing", "rich.live"),
    *("lark", "yaml", "jsonschema", "numpy", "html5lib", "starlette.applications"),
]
# Without coverage, and without the options of pyproject.toml for several processes.
OPTIONS = [
    *("-x", "-q", "-m", "not soak", "-p", "no:cacheprovider", "-p", "no:cov"),
    *("-o", "addopts=--import-mode=importlib --strict-markers"),
    # hypothesis and anyio are plugins, and imported already.
    *("-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"),
]

Ending = Literal["passed", "failed", "late"]


class _Chosen:
    """Leave the chosen tests, and those of the same functions that have other parameters with the mutant."""

    def __init__(self, tests: list[str]) -> None:
        self._tests = set(tests)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        names = {item.nodeid for item in items}
        missing = {_function(test) for test in self._tests - names}
        items[:] = [item for item in items if item.nodeid in self._tests or _function(item.nodeid) in missing]


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
    passed = process.exitcode in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
    return "passed" if passed else "failed"


def _run(folder: str, tests: list[str]) -> None:
    os.setsid()
    # The next mutant may have the same size in the same second, and would be taken for this one.
    sys.dont_write_bytecode = True
    os.chdir(folder)
    sys.path[:0] = [f"{folder}/functions", folder]
    for descriptor in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
    files = dict.fromkeys(test.split("::")[0] for test in tests)
    chosen = [] if list(files) == tests else [_Chosen(tests)]
    os._exit(pytest.main([*OPTIONS, *files], plugins=chosen))


def _function(test: str) -> str:
    return test.split("[", maxsplit=1)[0]
