"""`imagelabels dead-letters`."""

from dataclasses import asdict
from typing import Annotated

import typer

from imagelabels.commands.exit_code import exit_with_1_if
from imagelabels.commands.options import AsJsonLines
from imagelabels.commands.target import Yes, confirm, connect
from imagelabels.operations.dead_letters import QUEUES, URL, DeadLetter, listed, send_back, why_it_stays
from imagelabels.terminal.console import joined, note, print_json_line, say
from imagelabels.words import counted


def dead_letters(
    *,
    again: Annotated[bool, typer.Option("--send-back", help="Send each to where it was going.")] = False,
    yes: Yes = False,
    as_json: AsJsonLines = False,
) -> None:
    """List the messages of the dead-letter queues, or send them back once the cause is fixed.

    Exit code 1 when dead letters are left.
    """
    stack = connect()
    if again:
        confirm(stack, "Send the dead letters back", yes=yes)
    found = list(listed(stack))
    sent = {letter.id for letter in found if again and send_back(stack, letter)}
    stays = {letter.id: why_it_stays(letter) for letter in found if again and letter.id not in sent}
    for letter in found:
        if as_json:
            print_json_line(asdict(letter) | {"sentBack": letter.id in sent})
        else:
            say(_line(letter, "sent back" if letter.id in sent else stays.get(letter.id, "")))
    queues = ", ".join(output.removesuffix(URL) for output in QUEUES)
    sent_back = f"; {len(sent):,} sent back" + (f", {len(stays):,} left" if stays else "") if again else ""
    note(f"{counted(len(found), 'dead letter')} in {queues}{sent_back}.")
    exit_with_1_if(len(sent) < len(found))


def _line(letter: DeadLetter, done: str) -> str:
    return joined((letter.sent, letter.queue, letter.kind, letter.about, letter.reason, done))
