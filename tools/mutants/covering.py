"""The tests that execute a line, from one run of the fast tests with a coverage context for each test."""

import sqlite3
import subprocess
import sys
from pathlib import Path

from coverage.numbits import numbits_to_nums

# They need neither the local stack nor Node.js.
FAST = ("tests/unit", "tests/order", "tests/workflow", "tests/images", "tests/mails", "tests/interleavings")
DATA = ".coverage"
# pytest-cov's names of contexts end in the phase of the test.
PHASE = "|"


class Covering:
    """`of` returns the ids of tests; the ones of `tests/unit` come first, because they are the fastest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with sqlite3.connect(folder / DATA) as data:
            files = {path: number for number, path in data.execute("SELECT id, path FROM file")}
            contexts = dict(data.execute("SELECT id, context FROM context"))
            self._lines: dict[str, dict[str, set[int]]] = {}
            for path, number in files.items():
                rows = data.execute("SELECT context_id, numbits FROM line_bits WHERE file_id = ?", [number])
                self._lines[path] = {contexts[context]: set(numbits_to_nums(bits)) for context, bits in rows}

    def of(self, file: str, line: int) -> list[str]:
        """Return the tests that execute a line; for a line that is executed on import, the file's tests."""
        by_context = self._lines.get(str(self._folder / file), {})
        at_import = line in by_context.get("", set())
        found = {context for context, lines in by_context.items() if context and (at_import or line in lines)}
        tests = {context.split(PHASE)[0] for context in found}
        return sorted(tests, key=lambda test: (FAST.index("/".join(test.split("/")[:2])), test))


def measure(folder: Path, paths: list[str]) -> Covering:
    """Run the fast tests of a copy of the checkout, and return which lines each executes."""
    sources = [f"--cov={path}" for path in paths]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-m", "not soak", "--cov-context=test", "--cov-report="]
    subprocess.run([*command, *sources, *FAST], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # our own program
    return Covering(folder)
