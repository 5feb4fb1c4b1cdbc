"""`imagelabels reconcile`."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from imagelabels.backfill import runs
from imagelabels.commands.exit_code import exit_with_1_if
from imagelabels.commands.options import AsJsonLines
from imagelabels.commands.target import Yes, confirm, connect
from imagelabels.operations import reconciliation
from imagelabels.stack.connection import Stack
from imagelabels.terminal.console import note, print_json_line, say
from imagelabels.words import counted
from imagelabels_shared.library import Entry
from imagelabels_shared.text import one_line


def reconcile(
    *,
    fix: Annotated[bool, typer.Option("--fix", help="Start what is missing, remove what is left over.")] = False,
    grace: Annotated[int, typer.Option(min=0, help="Minutes that a new photo may take before it is judged.")] = 15,
    patience: Annotated[int, typer.Option(min=0, help="Hours that an execution may take.")] = 24,
    yes: Yes = False,
    as_json: AsJsonLines = False,
) -> None:
    """Compare bucket, table and executions; exit code 1 when something is left that does not agree."""
    stack, found, left, later = connect(), 0, 0, runs.PhotoList()
    if fix:
        confirm(stack, "Start what is missing and remove what is left over", yes=yes)
    limits = {"grace": timedelta(minutes=grace), "patience": timedelta(hours=patience)}
    compared = reconciliation.Compared()
    for disagreement in reconciliation.disagreements(stack, **limits, compared=compared):
        found += 1
        fixed = fix and _fixed(stack, disagreement, later, found)
        left += not fixed
        if as_json:
            print_json_line(asdict(disagreement) | {"fixed": fixed})
        else:
            say(_line(disagreement, fixed=fixed))
    if later.count:
        name = later.start(stack, runs.rate_of(stack))
        note(f"{later.count} of the photos are labelled by {name}: `imagelabels backfill status` shows it.")
    note(_summary(compared, found, left, grace, fix=fix))
    exit_with_1_if(left)


def _summary(compared: reconciliation.Compared, found: int, left: int, grace: int, *, fix: bool) -> str:
    photos, done = f"Compared {counted(compared.photos, 'photo')}", found - left
    says = [counted(found, "disagreement") if found else "all agree"]
    if fix and done:
        says.append(f"{done:,} being mended (`imagelabels watch` shows how runs end)")
    if fix and left:
        says.append(f"{left:,} left to a person")
    if compared.young:
        agreed = compared.photos - compared.young
        says[0] = says[0] if found else f"{agreed:,} {'agrees' if agreed == 1 else 'agree'}"
        are = "is newer than {0} and was" if compared.young == 1 else "are newer than {0} and were"
        young = f"{compared.young:,} {are} not judged (`--grace 0` judges them)"
        says.append(young.format(counted(grace, "minute")))
    return f"{photos}: {'; '.join(says)}."


def _fixed(stack: Stack, disagreement: reconciliation.Disagreement, later: runs.PhotoList, found: int) -> bool:
    """Fix a disagreement, or put its photo on the list of a run when many were found."""
    if found > runs.MOST_FROM_HERE and disagreement.problem in reconciliation.STARTED:
        later.add(Entry(disagreement.photo.split("/", 1)[1], disagreement.version, "", None))
        return True
    return reconciliation.fix(stack, disagreement)


def _line(disagreement: reconciliation.Disagreement, *, fixed: bool) -> str:
    meaning = f"{one_line(disagreement.photo)}: {reconciliation.MEANS[disagreement.problem]}"
    execution = f" ({disagreement.execution})" if disagreement.execution else ""
    return meaning + execution + (f": {reconciliation.DONE[disagreement.problem]}" if fixed else "")
