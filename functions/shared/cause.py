"""The sentence in an error's cause."""

import json


def plain_cause(cause: str) -> str:
    """Lambda wraps an error's message in JSON, with a stack trace; a person wants the message."""
    try:
        return str(json.loads(cause)["errorMessage"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return cause or "No cause was given."
