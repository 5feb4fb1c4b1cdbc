"""`imagelabels doctor`."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated

import typer

from imagelabels.commands.options import AsJson
from imagelabels.errors import UserError
from imagelabels.operations.doctor.check_result import Finding
from imagelabels.operations.doctor.intake import notifications, rules
from imagelabels.operations.doctor.messages import queues, subscriptions
from imagelabels.operations.doctor.trial_photo import photo_through
from imagelabels.stack.connection import connect
from imagelabels.stack.pipeline import Pipeline
from imagelabels.terminal.console import MOST_IN_A_LINE, cell, err, print_json, print_view


def doctor(
    *,
    photo: Annotated[bool, typer.Option(help="Send a test photo through; its report is mailed like any other.")] = True,
    deadline: Annotated[float, typer.Option(min=1, help="Seconds that the test photo may take.")] = 120,
    as_json: AsJson = False,
) -> None:
    """Check the deployed stack from end to end, and say what is wrong; exit code 1 if anything is.

    Looks at EventBridge on the bucket, the rule and its target, subscriptions, queues, and sends a test photo through,
    which is removed afterwards (about $0.0012).
    """
    pipeline = Pipeline(connect())
    findings = []
    for finding in _findings(pipeline, deadline if photo else None):
        findings.append(finding)
        if not as_json:
            said = cell(f"{finding.check}: {finding.says}", "default", MOST_IN_A_LINE)
            print_view((cell("ok    ", "green") if finding.well else cell("WRONG ", "red")) + said)
    if as_json:
        print_json([finding._asdict() for finding in findings])
    wrong = sum(not finding.well for finding in findings)
    if wrong:
        raise UserError(f"{wrong} of {len(findings)} checks found something wrong.")


def _findings(pipeline: Pipeline, deadline: float | None) -> Iterator[Finding]:
    checks = [notifications, rules, subscriptions]
    if deadline is not None:
        checks.append(partial(photo_through, deadline=deadline))
    # Last, so that what became of the test photo's own messages is seen.
    for check in [*checks, queues]:
        with err.status("Checking ..."):
            found = check(pipeline)
        yield from found
