"""Paths that are missing end an execution, and nothing catches it."""

import re
from typing import Any

from ministack.services import stepfunctions

RUNTIME = "States.Runtime"
# Paths with filters and wildcards return a list on AWS, which may be empty.
PLAIN = re.compile(r"\$\$?(\.\w+)*")


def apply() -> None:
    """Let a payload template with a missing path end the execution with States.Runtime, which no Catch matches.

    AWS: the execution fails at once; a Retry or a Catch of States.ALL does not match. The emulator: the value is null.
    Source: docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    resolve = stepfunctions._resolve_params_obj  # noqa: SLF001  # it is called for each template and each part of one
    matches = stepfunctions._error_matches  # noqa: SLF001  # Retry and Catch call it

    def resolve_all(template: Any, data: Any, ctx: Any = None) -> Any:
        for path in _paths(template):
            if not _is_there(path, ctx if path.startswith("$$") else data):
                raise stepfunctions._ExecutionError(RUNTIME, f"The JSONPath '{path}' could not be found in the input")  # noqa: SLF001
        return resolve(template, data, ctx)

    def matches_unless_fatal(error_equals: list[str], error: str) -> bool:
        return error != RUNTIME and bool(matches(error_equals, error))

    stepfunctions._resolve_params_obj = resolve_all  # noqa: SLF001
    stepfunctions._error_matches = matches_unless_fatal  # noqa: SLF001


def _paths(template: Any) -> list[str]:
    fields = template.items() if isinstance(template, dict) else ()
    return [value for name, value in fields if name.endswith(".$") and PLAIN.fullmatch(str(value))]


def _is_there(path: str, source: Any) -> bool:
    for name in path.lstrip("$").split(".")[1:]:
        if not isinstance(source, dict) or name not in source:
            return False
        source = source[name]
    return True
