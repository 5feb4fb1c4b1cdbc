"""Run a sample of mutants. The exit code is 1 when one survives without a reason.

Each mutant is tried in a copy of the checkout, so the checkout itself is never changed.
"""

import queue
import random
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from imagelabels.paths import ROOT
from infra.definition import definition
from tools.mutants import Mutant, definition_mutants, pytest_process, python_mutants
from tools.mutants.covering import FAST, Covering, Stage, measure
from tools.mutants.pytest_process import Ending
from tools.mutants.warm_process import WarmProcess

# Modules that need no stack: what they do is seen by the fast tests.
PATHS = [
    *("functions", "imagelabels/search", "imagelabels/reprocess", "imagelabels/stack", "imagelabels/operations"),
    *("imagelabels/backfill", "imagelabels/costs"),
]
ACCEPTED = ROOT / "tests" / "mutants.toml"
# docs/workflow.md is made from the definition and would notice everything, so its test is not among these.
OF_DEFINITION = ["tests/contract/test_definition.py", "tests/workflow"]
WORKERS = 2
# Tests of which the copy without a mutant must pass.
PROOF = ["tests/unit/test_batch.py", "tests/contract/test_definition.py"]
# A mutant that makes a test endless is noticed: after this time, and so many times as long as without a mutant.
SECONDS, SLOWER = 60, 10
# A tenth of the sample is of the definition.
DEFINITION_PART = 10


def sample(seed: int, count: int, paths: list[str]) -> list[Mutant]:
    """Return the mutants with this seed, in the order of their names; of some paths instead, if there are any."""
    chance = random.Random(seed)  # noqa: S311  # a sample that can be repeated
    if paths:
        of_paths = [mutant for path in paths for mutant in _of(path)]
        return sorted(chance.sample(of_paths, min(count, len(of_paths))), key=lambda one: one.name)
    of_definition = list(definition_mutants.mutants(definition()))
    of_code = [mutant for path in PATHS for mutant in _of(path)]
    few = max(1, count // DEFINITION_PART)
    return sorted(chance.sample(of_definition, few) + chance.sample(of_code, count - few), key=lambda one: one.name)


def _of(path: str) -> Iterator[Mutant]:
    folder = ROOT / path
    for file in sorted(folder.rglob("*.py")) if folder.is_dir() else [folder]:
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


class Judge(NamedTuple):
    """A copy of the checkout, and a process in it that has collected the fast tests."""

    folder: Path
    warm: WarmProcess

    def ending(self, mutant: Mutant, covering: Covering) -> Ending:
        """Put the mutant into the copy, run the tests that may see it, and take it out."""
        file = self.folder / mutant.file
        plain = file.read_text()
        file.write_text(mutant.text)
        try:
            if not mutant.line:
                return pytest_process.run(self.folder, OF_DEFINITION, SECONDS)
            stages = covering.of(mutant.file, mutant.line)
            # Where the warm process may be wrong, its survivors are judged again.
            again = covering.is_imported(mutant.file, mutant.line)
            for stage in stages:
                ending = self.warm.run(mutant.file, (plain, mutant.text), stage.tests, _patience(stage))
                if ending in {"failed", "late"}:
                    return ending
                again = again or ending is None
            endings = (pytest_process.run(self.folder, stage.tests, _patience(stage)) for stage in stages if again)
            return next((ending for ending in endings if ending != "passed"), "passed")
        finally:
            file.write_text(plain)


def _patience(stage: Stage) -> float:
    return SECONDS + SLOWER * stage.seconds


def endings(chosen: list[Mutant], judges: list[Judge], covering: Covering) -> Iterator[tuple[Mutant, Ending]]:
    """Yield how the tests end with each mutant, as many at a time as there are copies."""
    free: queue.Queue[Judge] = queue.Queue()
    for judge in judges:
        free.put(judge)

    def ending(mutant: Mutant) -> Ending:
        judge = free.get()
        try:
            return judge.ending(mutant, covering)
        finally:
            free.put(judge)

    with ThreadPoolExecutor(len(judges)) as pool:
        yield from zip(chosen, pool.map(ending, chosen), strict=True)


def accepted() -> dict[str, str]:
    """Return the reasons by how the names of their mutants start."""
    return {one["mutant"]: one["why"] for one in tomllib.loads(ACCEPTED.read_text())["accepted"]}


def main() -> None:
    seed, count, paths, started = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:], time.monotonic()
    chosen, reasons, results = sample(seed, count, paths), accepted(), Counter[str]()
    with TemporaryDirectory(prefix="mutants-") as folder, ExitStack() as stack:
        copies = [copy_of_checkout(Path(folder, str(number))) for number in range(WORKERS)]
        covering = measure(copies[0], paths or PATHS)
        if pytest_process.run(copies[0], PROOF, SECONDS) != "passed":
            sys.exit("The tests fail in a copy without a mutant, so they would seem to notice every one.")
        judges = [Judge(copy, stack.enter_context(closing(WarmProcess(copy, FAST)))) for copy in copies]
        print(
            f"Seed {seed}: {len(chosen)} mutants; the tests were measured in {time.monotonic() - started:.0f} s",
            flush=True,
        )
        if covering.failed:
            print("Left out, because they fail without a mutant:", *sorted(covering.failed), sep="\n  ", flush=True)
        for mutant, ending in endings(chosen, judges, covering):
            reason = next((why for start, why in reasons.items() if mutant.name.startswith(start)), "")
            result = ending if ending != "passed" else "accepted" if reason else "survived"
            results[result] += 1
            if ending == "passed":
                print(f"{result}: {mutant.name}" + f"\n  {reason}" * bool(reason), flush=True)
    noticed = results["failed"] + results["late"]
    print(f"{noticed} noticed ({results['late']} of them by being late), {results['accepted']} accepted with a reason")
    print(f"{results['survived']} survived: {noticed / max(1, len(chosen) - results['accepted']):.0%} noticed")
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(results["survived"] > 0)
