"""Run a sample of mutants: `python -m tools.mutants.run SEED COUNT`. Exit code 1 when one survives without a reason.

Each mutant is tried in a copy of the checkout, so the checkout itself is never changed.
"""

import queue
import random
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from imagelabels.paths import ROOT
from infra.definition import definition
from tools.mutants import Mutant, definition_mutants, python_mutants
from tools.mutants.covering import Covering, measure

# Modules that need no stack: what they do is seen by the fast tests.
PATHS = ["functions", "imagelabels/search", "imagelabels/reprocess", "imagelabels/stack", "imagelabels/operations"]
ACCEPTED = ROOT / "tests" / "mutants.toml"
# docs/workflow.md is made from the definition and would notice everything, so its test is not among these.
OF_DEFINITION = ["tests/contract/test_definition.py", "tests/workflow"]
WORKERS = 2
# A mutant that makes a test endless is noticed.
SECONDS = 120
# A tenth of the sample is of the definition.
DEFINITION_PART = 10


def sample(seed: int, count: int) -> list[Mutant]:
    """Return the mutants with this seed, in the order of their names."""
    chance = random.Random(seed)  # noqa: S311  # a sample that can be repeated
    of_definition = list(definition_mutants.mutants(definition()))
    of_code = [mutant for path in PATHS for mutant in _of_folder(path)]
    few = max(1, count // DEFINITION_PART)
    return sorted(chance.sample(of_definition, few) + chance.sample(of_code, count - few), key=lambda one: one.name)


def _of_folder(path: str) -> Iterator[Mutant]:
    for file in sorted((ROOT / path).rglob("*.py")):
        name, text = str(file.relative_to(ROOT)), file.read_text()
        for mutant in python_mutants.mutants(name, text):
            if mutant.text != text:
                yield mutant


def copy_of_checkout(folder: Path) -> Path:
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True)  # noqa: S607  # the developer's git
    for name in names.stdout.decode().splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


def notices(folder: Path, mutant: Mutant, tests: list[str]) -> bool:
    """Put the mutant into a copy; return whether one of the tests fails or takes too long."""
    file = folder / mutant.file
    plain = file.read_text()
    file.write_text(mutant.text)
    try:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-m", "not soak", "-p", "no:cacheprovider", *tests]
        return subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, check=False).returncode != 0  # noqa: S603  # our own program
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_text(plain)


def survivors(chosen: list[Mutant], copies: list[Path], covering: Covering) -> Iterator[Mutant]:
    free: queue.Queue[Path] = queue.Queue()
    for folder in copies:
        free.put(folder)

    def survives(mutant: Mutant) -> bool:
        tests = covering.of(mutant.file, mutant.line) if mutant.line else OF_DEFINITION
        folder = free.get()
        try:
            return not tests or not notices(folder, mutant, tests)
        finally:
            free.put(folder)

    with ThreadPoolExecutor(len(copies)) as pool:
        for mutant, survived in zip(chosen, pool.map(survives, chosen), strict=True):
            if survived:
                yield mutant


def main() -> None:
    seed, count, started = int(sys.argv[1]), int(sys.argv[2]), time.monotonic()
    accepted: dict[str, str] = {one["mutant"]: one["why"] for one in tomllib.loads(ACCEPTED.read_text())["accepted"]}
    chosen, left = sample(seed, count), 0
    with TemporaryDirectory(prefix="mutants-") as folder:
        copies = [copy_of_checkout(Path(folder, str(number))) for number in range(WORKERS)]
        covering = measure(copies[0], PATHS)
        for survivor in survivors(chosen, copies, covering):
            reason = next((why for start, why in accepted.items() if survivor.name.startswith(start)), None)
            left += reason is None
    time.monotonic() - started
    sys.exit(left > 0)


if __name__ == "__main__":
    main()
