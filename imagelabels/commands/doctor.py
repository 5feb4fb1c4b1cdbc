"""`imagelabels doctor`."""

from typing import Annotated

import typer

from imagelabels.commands.options import AsJson
from imagelabels.commands.target import Yes, confirm, connect
from imagelabels.errors import UserError
from imagelabels.operations.doctor.check_result import CheckResult
from imagelabels.operations.doctor.checks import checks
from imagelabels.terminal.console import MOST_IN_A_LINE, cell, err, note, print_json, print_view
from imagelabels.words import counted


def doctor(
    *,
    photo: Annotated[bool, typer.Option(help="Send a test photo through; its report is mailed like any other.")] = True,
    deadline: Annotated[float, typer.Option(min=1, help="Seconds that the test photo may take.")] = 120,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Check the deployed stack from end to end, and say what is wrong; exit code 1 if anything is.

    Checks that the bucket sends events to EventBridge, the rule and its target, subscriptions and queues. Sends a test
    photo through, and removes it afterwards (about $0.0015).
    """
    stack, results = connect(), []
    if photo:
        confirm(stack, "Send a test photo through", yes=yes)
    for check in checks(deadline if photo else None):
        with err.status("Checking ..."):
            found = check(stack)
        results += found
        if not as_json:
            _print(found)
    if as_json:
        print_json([result._asdict() for result in results])
    wrong = sum(not result.well for result in results)
    if wrong:
        raise UserError(f"{wrong} of {counted(len(results), 'check')} found something wrong.")
    note(f"All {counted(len(results), 'check')} passed.")


def _print(results: list[CheckResult]) -> None:
    for result in results:
        sentence = cell(f"{result.check}: {result.says}", "default", MOST_IN_A_LINE)
        print_view((cell("ok    ", "green") if result.well else cell("WRONG ", "red")) + sentence)
