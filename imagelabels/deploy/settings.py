"""The stack's settings as a person writes them: SETTINGS="minConfidence=80 digestSeconds=0"."""

from imagelabels.errors import UserError

# infra/settings.py checks the values; a name that it does not know would be ignored without a word.
NAMES = (
    "reportEmail",
    "operatorsEmail",
    "reportSender",
    "digestSeconds",
    "minConfidence",
    "maxLabels",
    "keepRunsDays",
    "stage",
)


def parsed(text: str) -> dict[str, str]:
    """Return the settings in `text` by name; raises UserError for what is no pair, and for unknown names."""
    try:
        settings = dict(pair.split("=", 1) for pair in text.split())
    except ValueError as error:
        raise UserError(f"SETTINGS must be name=value pairs, not {text!r}.") from error
    if unknown := settings.keys() - set(NAMES):
        raise UserError(f"There is no setting {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}.")
    return settings


def with_options(text: str, email: str, operators_email: str, stage: str) -> dict[str, str]:
    """Return the settings in `text` and those that have an option of their own; raises UserError as `parsed`."""
    return parsed(text) | {"reportEmail": email, "operatorsEmail": operators_email, "stage": stage}
