"""The stack's settings as a person writes them: SETTINGS="minConfidence=80 digestSeconds=0"."""

import shlex
from collections.abc import Mapping

from imagelabels.errors import UserError

# Some settings need an address that gets the reports.
ANY_READER = {"reportEmail": "you@example.com"}


def parsed(text: str) -> dict[str, str]:
    """Return the settings in `text` by name; raises UserError for what is not a pair, and for unknown names.

    A value with spaces has quotes: excludeLabels="Hot Dog,Person". Values are checked when the stack is synthesized.
    """
    try:
        settings = dict(pair.split("=", 1) for pair in shlex.split(text))
    except ValueError as error:
        raise UserError(f"SETTINGS must be name=value pairs, not {text!r}.") from error
    if not settings:
        return settings
    # Only here: the CDK app is in a checkout, not in the installed package.
    from infra.settings import context_names  # noqa: PLC0415  # see above

    names = context_names()
    # The CDK would ignore a name that the stack does not read.
    if unknown := settings.keys() - set(names):
        raise UserError(f"There is no setting {', '.join(sorted(unknown))}; there are {', '.join(names)}.")
    return settings


def given(text: str, *, email: str | None, operators_email: str | None, stage: str | None) -> dict[str, str]:
    """Return the settings that a person gave, in `text` or as an option; raises UserError for any of them."""
    options = {"reportEmail": email, "operatorsEmail": operators_email, "stage": stage}
    settings = parsed(text) | {name: value for name, value in options.items() if value is not None}
    for name, value in settings.items():
        _check(name, value)
    return settings


def _check(name: str, value: str) -> None:
    """Raise UserError for a value that cannot be used, before AWS is asked for anything.

    Alone: the settings that are not given are those of the deployed stack.
    """
    check(ANY_READER | {name: value})


def check(settings: Mapping[str, str]) -> None:
    """Raise UserError when a stack cannot have these settings together."""
    from infra.settings import Settings as StackSettings  # noqa: PLC0415  # as in `parsed`

    try:
        StackSettings.from_values(settings)
    except ValueError as error:
        raise UserError(str(error)) from error
