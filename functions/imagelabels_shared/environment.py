"""Settings arrive as environment variables that the stack writes; they are read when a step runs."""

import os


def chosen(name: str) -> bool:
    """Whether the stack sets an environment variable that comes with a choice."""
    return bool(os.environ.get(name))


def setting(name: str) -> str:
    """Return the value of an environment variable; raises RuntimeError with its name when it is missing."""
    value = os.environ.get(name)
    if not value:
        raise RuntimeError(f"The environment variable {name} is not set; the stack sets it on the function.")
    return value
