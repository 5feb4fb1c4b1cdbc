"""`imagelabels subscribe`."""

from typing import Annotated

import typer

from imagelabels.commands.target import Yes, confirm, connect
from imagelabels.errors import UserError, WrongUsageError
from imagelabels.stack.connection import Stack
from imagelabels.stack.subscriptions import FAILURES, MAIL, OPERATORS, REPORTS, Subscription, at_sns, in_template
from imagelabels.stack.subscriptions import subscribe as subscribe_to
from imagelabels.terminal.console import note, say
from imagelabels_shared.subscriptions import EMAIL, confirmed, same


def subscribe(
    address: Annotated[str, typer.Argument(help="An e-mail address.")],
    *,
    operators: Annotated[bool, typer.Option("--operators", help="Alarms and failures, not reports.")] = False,
    yes: Yes = False,
) -> None:
    """Subscribe an e-mail address again, as the settings of the stack say, or one more to the reports or the alarms.

    SNS then asks the address by mail to confirm.
    """
    if not EMAIL.fullmatch(address):
        raise WrongUsageError(f"{address!r} is not an e-mail address.")
    stack = connect()
    expected = in_template(stack)
    wanted = [one for one in expected if same(one.address, address)]
    if not wanted:
        wanted = _one_more(stack, expected, address, operators=operators)
        setting = "operatorsEmail" if operators else "reportEmail"
        note(f"{address} is not in the settings: add it to {setting}, so that `imagelabels doctor` misses it, too.")
    confirm(stack, f"Subscribe {address}", yes=yes)
    for subscription in wanted:
        subscribe_to(stack, subscription)
        say(_line(stack, subscription))


def _one_more(stack: Stack, expected: list[Subscription], address: str, *, operators: bool) -> list[Subscription]:
    """Return the subscriptions for one more operator or owner; raises UserError when reports are not mailed by SNS."""
    mail = [one for one in expected if one.topic == MAIL]
    if operators:
        failures = [Subscription(MAIL, address, (FAILURES,))] if mail else []
        return [Subscription(OPERATORS, address), *failures]
    owners = [one._replace(address=address) for one in mail if REPORTS in one.outcomes]
    if not owners and stack.endpoint:
        raise UserError(f"SES sends the reports of this local stack: all mail is in {stack.outputs['mail']}.")
    if not owners:
        raise UserError(
            "SNS mails the reports of this stack to nobody: "
            "deploy with reportEmail, which takes several addresses with commas between them."
        )
    return owners[:1]


def _line(stack: Stack, subscription: Subscription) -> str:
    topic, address = subscription.topic, subscription.address
    if confirmed(address, at_sns(stack, topic)):
        return f"{address} gets {topic}"
    return f"{address} must confirm {topic}: follow the link in the mail that SNS sends, within 48 hours"
