"""The tests that execute a line, from one run of the fast tests with a coverage context for each test."""

import functools
import re
import subprocess
import sys
from pathlib import Path

from coverage import CoverageData

# They need neither the local stack nor Node.js; the fastest come first.
FAST = ("tests/unit", "tests/order", "tests/mails", "tests/workflow", "tests/images", "tests/interleavings")
# A line that only the child process of the sandbox executes has no test as its context.
OF_CHILDREN = ["tests/images/test_sandbox.py", "tests/images/test_limits.py", "tests/images/test_hostile.py"]
# pytest-cov's name of a context is the test and its phase.
PHASE = "|"


FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)


class Covering:
    """What the run in a copy of the checkout measured; tests in `failed` fail without a mutant, so they judge none."""

    def __init__(self, folder: Path, failed: set[str]) -> None:
        self._folder, self.failed = folder, failed
        self._data = CoverageData(str(folder / ".coverage"))
        self._data.read()

    def of(self, file: str, line: int) -> list[str]:
        """Return the tests that execute a line; for a line that is executed on import, the file's tests."""
        lines = self._lines(file)
        contexts = lines.get(line, [])
        at_import = "" in contexts
        found = {name for names in lines.values() for name in names} if at_import else set(contexts)
        tests = {name.split(PHASE)[0] for name in found if name} - self.failed
        return sorted(tests, key=lambda test: (FAST.index("/".join(test.split("/")[:2])), test)) or OF_CHILDREN

    @functools.cache  # noqa: B019  # there is one for a run
    def _lines(self, file: str) -> dict[int, list[str]]:
        return self._data.contexts_by_lineno(str(self._folder / file))


def measure(folder: Path, paths: list[str]) -> Covering:
    """Run the fast tests of a copy of the checkout, and return which lines each executes."""
    sources = [f"--cov={path}" for path in paths]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "-m",
        "not soak",
        "--cov-context=test",
        "--cov-report=",
        "--cov-fail-under=0",
    ]
    done = subprocess.run([*command, *sources, *FAST], cwd=folder, check=False, capture_output=True, text=True)  # noqa: S603  # our own program
    return Covering(folder, set(FAILED.findall(done.stdout)))
