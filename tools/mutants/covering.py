"""The tests that execute a line, from one run of the fast tests with a coverage context for each test."""

import functools
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from coverage import CoverageData

# They need neither the local stack nor a browser.
FAST = [
    *("tests/unit", "tests/order", "tests/contract", "tests/mails", "tests/workflow", "tests/images"),
    *("tests/interleavings", "tests/documents"),
    *(f"tests/console/test_{name}.py" for name in ("graph", "listing", "rows", "steps", "views")),
]
# They read the source, or constants, so no context says that they see a line.
OF_SOURCE = ("tests/contract/", "tests/unit/test_numbers.py")
# The child process of the sandbox may write no file, so no context says which tests execute a line in it.
IN_CHILDREN = ("functions/imagelabels_shared/images/", "functions/imagelabels_shared/sandbox/", "functions/normalize_")
OF_CHILDREN = ("tests/images/", "tests/unit/test_normalize_image.py", "tests/unit/test_validate_image.py")
# So long the shortest tests take together, which most mutants do not survive.
FIRST_SECONDS = 2.0

FAILED = re.compile(r"^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$", re.MULTILINE)
DURATION = re.compile(r"^([\d.]+)s (?:call|setup|teardown)\s+(\S.*)$", re.MULTILINE)
# The xdist group of the tests that start the CDK.
SLOW = "@template"
# pytest-cov's name of a context is the test and its phase.
PHASE = "|"


class Stage(NamedTuple):
    """Tests that run together, and how long they take without a mutant."""

    tests: list[str]
    seconds: float


class Covering:
    """What the run in a copy of the checkout measured; tests in `failed` fail without a mutant, so they judge none."""

    def __init__(self, folder: Path, said: str) -> None:
        self._folder = folder
        self.failed = {_name(test) for test in FAILED.findall(said)}
        self._seconds: defaultdict[str, float] = defaultdict(float)
        for seconds, test in DURATION.findall(said):
            if not test.endswith(SLOW):
                self._seconds[_name(test)] += float(seconds)
        self._data = CoverageData(str(folder / ".coverage"))
        self._data.read()

    def of(self, file: str, line: int) -> list[Stage]:
        """Return the tests that may see a fault of a line, as stages: the shortest come first.

        A line that only an import executes has the tests of the whole file.
        """
        lines = self._lines(file)
        found = lines.get(line, set()) - {""} or set().union(*lines.values())
        tests = {_name(test) for test in found if test} & set(self._seconds)
        stages: list[list[str]] = [[], [], []]
        spent = 0.0
        for test in sorted(tests, key=lambda test: (self._seconds[test], test)):
            spent += self._seconds[test]
            stages[spent > FIRST_SECONDS].append(test)
        others = (*OF_SOURCE, *(OF_CHILDREN if file.startswith(IN_CHILDREN) else ()))
        stages[2] = [test for test in self._seconds if test not in tests and test.startswith(others)]
        judging = [sorted(test for test in stage if test not in self.failed) for stage in stages]
        return [Stage(stage, sum(self._seconds[test] for test in stage)) for stage in judging if stage]

    def is_imported(self, file: str, line: int) -> bool:
        """Whether an import executes a line too, or a program of which nobody knows which test started it."""
        return "" in self._lines(file).get(line, {""})

    def is_only_imported(self, file: str, line: int) -> bool:
        return not self._lines(file).get(line, set()) - {""}

    @functools.cache  # noqa: B019  # there is one for a run
    def _lines(self, file: str) -> dict[int, set[str]]:
        return {
            line: {context.split(PHASE)[0] for context in contexts}
            for line, contexts in self._data.contexts_by_lineno(str(self._folder / file)).items()
        }


def measure(folder: Path, paths: list[str]) -> Covering:
    """Run the fast tests of a copy of the checkout, and return which lines each executes and how long it takes."""
    options = ["-q", "-n", "2", "-m", "not soak", "--durations=0", "--durations-min=0", "-rfE"]
    coverage = [
        "--cov-context=test",
        "--cov-report=",
        "--cov-fail-under=0",
        *(f"--cov={path}" for path in _folders(folder, paths)),
    ]
    command = [sys.executable, "-m", "pytest", *options, *coverage, *FAST]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)  # noqa: S603  # our own program
    return Covering(folder, done.stdout)


def _folders(root: Path, paths: list[str]) -> set[str]:
    return {path if (root / path).is_dir() else str(Path(path).parent) for path in paths}


def _name(test: str) -> str:
    """Return a test's name without its xdist group, which it has only when several processes run the tests."""
    return re.sub(r"@[a-z ]+$", "", test)
