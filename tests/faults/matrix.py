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
from tests.faults.cell import DELETED, REJECTED, UPLOADED, Cell
from tests.faults.lab import EACH_AT_ONCE, FAST, Lab, Run
from tests.faults.verdict import FAULT_FREE, Verdict, gather, judge

# Of the calls of one execution; botocore repeats each call once by itself, so two failed calls reach the workflow.
HIDDEN = 2
DENIALS = {"s3": "AccessDenied", "sns": "AuthorizationError"}
READ_TIMEOUT_SECONDS = 10
WHOLE_SECONDS = 600
CALM_SECONDS = 180
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
REVERSED = "delivered in reverse"
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
    REVERSED: {"fault": "reversed", "of": 2},
}


def photo(shade: int = 0) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (80, 80), (shade, 90, 120)).save(file, "PNG")
    return file.getvalue()


def calls(lab: Lab) -> list[tuple[str, str, str]]:
    """Let photos live their lives without faults and return (life, function, action) of every call, in their order."""
    made: dict[tuple[str, str], str] = {}
    for life, key in ((UPLOADED, FAULT_FREE), (REJECTED, "no photo.png"), (DELETED, "no longer.png")):
        for function, action in _made(lab, life, key):
            made.setdefault((function, action), life)
    return [(life, function, action) for (function, action), life in made.items()]


def _made(lab: Lab, life: str, key: str) -> list[tuple[str, str]]:
    known = len(list(lab.listed()))
    with lab.switched("faults", {"rules": []}):
        _live(lab, life, key, 1)
        lab.settled(known + 1, CALM_SECONDS)
        _end(lab, life, key)
        lab.worked_off(CALM_SECONDS)
        log = lab.look("faults")["log"]
    return [(function, action) for function, action, _fault in log if function]


def _live(lab: Lab, life: str, key: str, uploads: int) -> None:
    for shade in range(uploads):
        lab.upload(key, b"not a photo" if life == REJECTED else photo(shade))


def _end(lab: Lab, life: str, key: str) -> None:
    if life == DELETED:
        lab.delete(key)


def cells(made: Iterable[tuple[str, str, str]]) -> list[Cell]:
    """Return a cell for every call and every fault that applies to it."""
    return [
        Cell(life, function, action, name, _named(rule, action))
        for life, function, action in made
        for name, rule in _applying(function, action).items()
    ]


def _applying(function: str, action: str) -> dict[str, dict[str, Any]]:
    if action == "lambda:Invoke":
        return INVOKE_FAULTS
    if action == "events:Deliver":
        return {
            name: rule for name, rule in DELIVERY_FAULTS.items() if name != REVERSED or function == "Object Created"
        }
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
    with lab.switched("faults", {"rules": rules}):
        for key, cell in zip(keys, chosen, strict=True):
            _live(lab, cell.life, key, cell.uploads)
        lab.settled(known + sum(cell.executions for cell in chosen), seconds)
        for key, cell in zip(keys, chosen, strict=True):
            _end(lab, cell.life, key)
        lab.worked_off(seconds)
    restarted = _follow_the_runbook(lab, seconds)
    evidence = gather(lab)
    return [judge(lab, evidence, cell, key, restarted) for key, cell in zip(keys, chosen, strict=True)]


def _follow_the_runbook(lab: Lab, seconds: float) -> list[Run]:
    """Start failed executions again with their own input, send dead letters back; return the failed ones."""
    every = [run for runs in lab.settled(0, seconds).values() for run in runs]
    failed = [run for run in every if run.status != "SUCCEEDED"]
    for run in failed:
        lab.restart(run)
    lab.send_back()
    lab.settled(len(every) + len(failed), seconds)
    lab.worked_off(seconds)
    return failed


def main() -> None:
    with (
        TemporaryDirectory() as home,
        running(0, Path(home), recognizer="fixed", emulator=FAST, context=EACH_AT_ONCE) as engine,
    ):
        lab = Lab(engine)
        lab.hurry()
        verdicts = run(lab, cells(calls(lab)), WHOLE_SECONDS)
    document.FILE.write_text(document.render(verdicts))
    for verdict in verdicts:
        for complaint in verdict.complaints:
            print(f"{verdict.cell.function} {verdict.cell.action}, {verdict.cell.name}: {complaint}")
    print(f"{len(verdicts)} cells, {sum(bool(verdict.complaints) for verdict in verdicts)} not as they must be")


if __name__ == "__main__":
    main()
