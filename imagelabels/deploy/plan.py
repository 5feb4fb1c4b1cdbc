"""What a deploy does to the settings: those that are not given keep their deployed values."""

from typing import NamedTuple

from imagelabels.deploy.deployed_stack import PROD, DeployedStack, record_of
from imagelabels.errors import UserError

# Whoever loses or gets the mail must know before it happens, so these come first.
MAILBOXES = {
    "reportEmail": "these addresses get the reports, and each new one must confirm",
    "reportSender": "Amazon SES mails the reports from this address; without it SNS does",
    "reportPhone": "this phone gets a text about the photos of each digest, which costs money",
    "operatorsEmail": "these addresses get alarms and failures, and each new one must confirm",
}


# Photos are not moved.
MEANINGS = MAILBOXES | {
    "imagesBucket": "photos stay in the bucket that they are in; one that was the stack's is deleted if it is empty"
}


class Plan(NamedTuple):
    """Every setting by name as it will be, a line about each, and whether stage prod becomes dev."""

    values: dict[str, str]
    lines: list[str]
    ends_prod: bool


def planned(given: dict[str, str], stack: DeployedStack | None) -> Plan:
    """Return the plan for the settings that a person gave; raises UserError for values that cannot be used."""
    # Only here: the CDK app is in a checkout, not in the installed package.
    from infra.settings import Settings, context_names  # noqa: PLC0415  # see above

    names = context_names()
    deployed = record_of(stack, given, names) if stack else {}
    try:
        values = Settings.from_values({**deployed, **given}).values()
    except ValueError as error:
        raise UserError(str(error)) from None
    known = {name: value for name, value in deployed.items() if name in names}
    changed = [name for name in names if name in known and known[name] != values[name]]
    order = sorted(names, key=lambda name: (name not in changed, name not in MAILBOXES))
    ends_prod = bool(stack and stack.is_prod and values["stage"] != PROD)
    return Plan(values, [_line(name, known, values) for name in order], ends_prod)


def refuse_end_of_prod(plan: Plan, *, meant: bool) -> None:
    """Raise UserError when stage prod would become dev and nobody said that this is `meant`."""
    if plan.ends_prod and not meant:
        raise UserError(
            "The deployed stack is stage prod. As dev it loses its protection against deletion, and the next "
            "`make destroy` deletes every photo and label. If you mean it: --from-prod-to-dev (FROM_PROD_TO_DEV=1)."
        )


def _line(name: str, deployed: dict[str, str], values: dict[str, str]) -> str:
    now = values[name] or "none"
    if name not in deployed:
        return f"new      {name}: {now}"
    if deployed[name] == values[name]:
        return f"kept     {name}: {now}"
    meaning = f" ({MEANINGS[name]})" if name in MEANINGS else ""
    return f"changed  {name}: from {deployed[name] or 'none'} to {now}{meaning}"
