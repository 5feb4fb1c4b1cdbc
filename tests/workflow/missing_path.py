"""Parameters that name a path which is not there: AWS calls that States.ParameterPathFailure, moto States.Runtime."""

from typing import Any

import pytest
from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError

NAME = "States.ParameterPathFailure"


def name_missing_paths(patch: pytest.MonkeyPatch) -> None:
    """Give the failure AWS's name, by which a Retry and a Catch can know it."""
    plain = ExecutionState._from_error  # noqa: SLF001  # moto has no hook

    def from_error(state: ExecutionState, env: Any, ex: Exception) -> FailureEvent:
        event = plain(state, env, ex)
        cause = str(state._construct_error_output_value(event)["Cause"])  # noqa: SLF001
        # In the context object moto finds the path missing earlier, and has a sentence about it.
        if not isinstance(ex, NoSuchJsonPathError) and not cause.startswith("The JSONPath "):
            return event
        named = StatesErrorName(typ=StatesErrorNameType.StatesParameterPathFailure)
        details: Any = {"taskFailedEventDetails": {"error": NAME, "cause": cause}}
        return FailureEvent(env, named, HistoryEventType.TaskFailed, details)

    patch.setattr(ExecutionState, "_from_error", from_error)
