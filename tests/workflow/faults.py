"""Which states fail, with which errors, in which order; every attempt is counted."""

from collections import Counter
from itertools import repeat
from typing import TYPE_CHECKING, Any, NoReturn

from moto.core.exceptions import JsonRESTError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Faults:
    """A plan of faults by state: `Lambda.X` comes from Lambda itself, all else is the function's error as it is."""

    def __init__(self) -> None:
        self._plan: dict[str, Iterator[str]] = {}
        self._kept_back: dict[str, str] = {}
        self.attempts: Counter[str] = Counter()
        self.calls: list[dict[str, Any]] = []

    def add(self, state: str, *errors: str) -> None:
        """Let the first attempts of a state fail with these errors, one each; then it works."""
        self._plan[state] = iter(errors)

    def always(self, state: str, error: str) -> None:
        """Let every attempt of a state fail."""
        self._plan[state] = repeat(error)

    def keep_back(self, state: str, field: str) -> None:
        """Let a state's function answer without a field."""
        self._kept_back[state] = field

    def answered(self, state: str, answer: dict[str, Any]) -> dict[str, Any]:
        """Return what a state's function answers, as planned."""
        return {name: value for name, value in answer.items() if name != self._kept_back.get(state)}

    def strike(self, state: str) -> None:
        """Count an attempt and raise the error that is planned for it, if any."""
        self.attempts[state] += 1
        error = next(self._plan.get(state, iter(())), None)
        if error:
            _raise(error, f"{state} was told to fail")


def _raise(error: str, message: str) -> NoReturn:
    if error == "States.Timeout":
        raise TimeoutError(message)
    if error.startswith("Lambda."):
        raise JsonRESTError(error.split(".", 1)[1], message)
    raise type(error, (Exception,), {})(message)
