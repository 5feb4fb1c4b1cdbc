"""`python -m tools.bench` measures, and prints the tables."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from imagelabels.errors import UserError
from imagelabels.local.engine import running
from imagelabels.stack.connection import Stack
from imagelabels.terminal.console import complain, note, say
from tools.bench.cold_starts import Starts, functions, measure
from tools.bench.report import report
from tools.bench.runs import Bench


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="make bench", description="Measure the pipeline beside one that does nothing."
    )
    parser.add_argument("rounds", type=_positive, help="how often each measurement is repeated, such as 5")
    parser.add_argument("photos", type=_positive, help="the photos of a burst, such as 40")
    chosen = parser.parse_args()
    try:
        _bench(chosen.rounds, chosen.photos)
    except UserError as error:
        complain(str(error))
        raise SystemExit(1) from None


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, not {text!r}")
    return int(text)


def _bench(rounds: int, photos: int) -> None:
    starts: dict[str, Starts] = {}
    with TemporaryDirectory(prefix="bench-") as folder:
        home = Path(folder, "home")
        with running(0, home, say=note, recognizer="fixed") as engine:
            stack = Stack(engine.session, engine.outputs, engine.endpoint)
            measured = Bench(stack, photos, note).measure(rounds)
        for function in functions(home / "assembly"):
            note(f"Starting {function.package} and its floor, {rounds} times each ...")
            starts[function.package] = measure(function, Path(folder), rounds)
    for line in report(measured, starts, photos, rounds).splitlines():
        say(line)


if __name__ == "__main__":
    main()
