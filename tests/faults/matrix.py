"""The fault matrix: every AWS call that every function makes, times every fault that it can meet.

`python -m tests.faults.matrix` runs all of it on a local stack and writes docs/fault-matrix.md.
"""

import io
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from imagelabels.local.engine import running
from tests.faults import document
from tests.faults.cell import Cell
from tests.faults.lab import FAST, Lab, Run
from tests.faults.verdict import FAULT_FREE, Verdict, gather, judge

# Of the calls of one execution; botocore repeats each call once by itself, so two failed calls reach the workflow.
HIDDEN = 2
DENIALS = {"s3": "AccessDenied", "sns": "AuthorizationError"}
READ_TIMEOUT_SECONDS = 10
WHOLE_SECONDS = 600
FOREVER: dict[str, Any] = {}
CALL_FAULTS: dict[str, dict[str, Any]] = {
    "throttled once": {"fault": "throttle", "last": 1},
    "throttled 3 times": {"fault": "throttle", "last": 3 * HIDDEN},
    "answers 500 twice": {"fault": "outage", "last": 2 * HIDDEN},
    "answers 500 until mended": {"fault": "outage", **FOREVER},
    "denied until mended": {"fault": "error", "status": 403, **FOREVER},
    "a second late": {"fault": "delay", "seconds": 1.0, "last": 1},
    "connection refused": {"fault": "refuse", "last": HIDDEN},
    "connection lost after the effect": {"fault": "drop", "last": HIDDEN},
    "process killed before": {"fault": "kill-before", "last": 1},
    "process killed after the effect": {"fault": "kill-after", "last": 1},
}
SLOW_FAULTS: dict[str, dict[str, Any]] = {
    "later than the client waits": {"fault": "delay", "seconds": READ_TIMEOUT_SECONDS + 1.0, "last": 1},
}
INVOKE_FAULTS: dict[str, dict[str, Any]] = {
    "throttled 3 times": {"fault": "throttle", "last": 3},
    "answers 500 twice": {"fault": "outage", "last": 2},
    "answers 500 until mended": {"fault": "outage", **FOREVER},
    "a second late": {"fault": "delay", "seconds": 1.0, "last": 1},
    "connection lost after the effect": {"fault": "drop", "last": 1},
}
SEND_FAULTS = {**INVOKE_FAULTS, "connection refused": {"fault": "refuse", "last": 1}}
DELIVERY_FAULTS: dict[str, dict[str, Any]] = {
    "delivered twice": {"fault": "twice"},
    "delivered late": {"fault": "late", "seconds": 2.0},
    "delivered in reverse": {"fault": "reversed", "of": 2},
}


def photo(shade: int = 0) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (80, 80), (shade, 90, 120)).save(file, "PNG")
    return file.getvalue()


def calls(lab: Lab) -> list[tuple[str, str]]:
    """Label one photo without faults and return (function, action) of every call, in their order."""
    lab.set("faults", {"rules": []})
    lab.upload(FAULT_FREE, photo())
    lab.settled(1, 60)
    made = [(function, action) for function, action, _fault in lab.look("faults")["log"] if function]
    lab.rest("faults")
    return list(dict.fromkeys(made))


def cells(made: Iterable[tuple[str, str]]) -> list[Cell]:
    """Return a cell for every call and every fault that applies to it."""
    return [
        Cell(function, action, name, _named(rule, action))
        for function, action in made
        for name, rule in _applying(function, action).items()
    ]


def _applying(function: str, action: str) -> dict[str, dict[str, Any]]:
    if action == "lambda:Invoke":
        return INVOKE_FAULTS
    if action == "events:Deliver":
        return DELIVERY_FAULTS if function == "Object Created" else {}
    return SEND_FAULTS if function == "LabelImage" else CALL_FAULTS | SLOW_FAULTS


def _named(rule: dict[str, Any], action: str) -> dict[str, Any]:
    denied = DENIALS.get(action.split(":", maxsplit=1)[0], "AccessDeniedException")
    return {**rule, "error": denied} if rule["fault"] == "error" else rule


def one_of_each(every: list[Cell]) -> list[Cell]:
    """Return one cell for each fault, spread over the calls; none that waits for a client's patience to end."""
    names = [name for name in dict.fromkeys(cell.name for cell in every) if name not in SLOW_FAULTS]
    having = [[cell for cell in every if cell.name == name] for name in names]
    return [group[number * 5 % len(group)] for number, group in enumerate(having)]


def _key(number: int) -> str:
    return f"cell-{number:06}.png"


def run(lab: Lab, chosen: list[Cell], seconds: float) -> list[Verdict]:
    """Run all cells at once, each on its own photo; clear the faults, restart what failed, and judge each."""
    known = len(list(lab.listed()))
    keys = [_key(known + number) for number in range(len(chosen))]
    rules = [
        {**cell.rule, "action": cell.action, "function": cell.function, "about": key}
        for key, cell in zip(keys, chosen, strict=True)
    ]
    lab.set("faults", {"rules": rules})
    for key, cell in zip(keys, chosen, strict=True):
        for shade in range(cell.uploads):
            lab.upload(key, photo(shade))
    lab.settled(known + sum(cell.executions for cell in chosen), seconds)
    lab.rest("faults")
    restarted = _restart_failed(lab, seconds)
    evidence = gather(lab)
    return [judge(lab, evidence, cell, key, restarted) for key, cell in zip(keys, chosen, strict=True)]


def _restart_failed(lab: Lab, seconds: float) -> list[Run]:
    """Do what the runbook says of a failed execution: start it again with its own input."""
    every = [run for runs in lab.settled(0, seconds).values() for run in runs]
    failed = [run for run in every if run.status != "SUCCEEDED"]
    for run in failed:
        lab.restart(run)
    lab.settled(len(every) + len(failed), seconds)
    return failed


def main() -> None:
    with TemporaryDirectory() as home, running(0, Path(home), recognizer="fixed", emulator=FAST) as engine:
        lab = Lab(engine)
        verdicts = run(lab, cells(calls(lab)), WHOLE_SECONDS)
    document.FILE.write_text(document.render(verdicts))
    for verdict in verdicts:
        for complaint in verdict.complaints:
            print(f"{verdict.cell.function} {verdict.cell.action}, {verdict.cell.name}: {complaint}")
    print(f"{len(verdicts)} cells, {sum(bool(verdict.complaints) for verdict in verdicts)} not as they must be")


if __name__ == "__main__":
    main()
