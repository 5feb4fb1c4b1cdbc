"""Where the emulator is wrong about AWS, and what we change in it; a test fails when a change is lost."""

import functools
import json
import random
import re
import secrets
import uuid
from typing import Any

from ministack.core import iam_evaluator, lambda_runtime
from ministack.services import eventbridge, lambda_svc, stepfunctions


def let_wildcards_match_line_breaks() -> None:
    """Make `*` in a policy's ARN match any character: a key may contain a line break, and IAM does not mind."""
    compile_pattern = iam_evaluator._fnmatch_compile  # noqa: SLF001  # the one place where patterns are made

    @functools.cache
    def compile_with_line_breaks(pattern: str, ignore_case: bool) -> re.Pattern[str]:  # noqa: FBT001  # its signature
        compiled = compile_pattern(pattern, ignore_case)
        return re.compile(compiled.pattern, compiled.flags | re.DOTALL)

    iam_evaluator._fnmatch_compile = compile_with_line_breaks  # noqa: SLF001


def name_throttles() -> None:
    """Name what Step Functions gets when too many functions run at once: without a name, no Retry matches it."""
    plain = lambda_svc._throttle_response  # noqa: SLF001  # the one place where throttles are made

    def with_name(*arguments: Any, **named: Any) -> dict[str, Any]:
        answer: dict[str, Any] = plain(*arguments, **named)
        answer["body"] |= {"errorType": "Lambda.TooManyRequestsException", "errorMessage": answer["body"]["message"]}
        return answer

    lambda_svc._throttle_response = with_name  # noqa: SLF001


def name_executions() -> None:
    """Name executions that a rule starts as EventBridge does, with the event's id and a UUID: the emulator has one."""

    def start(machine: str, payload: str) -> None:
        if stepfunctions._resolve_state_machine_arn(machine) is not None:  # noqa: SLF001  # the emulator has no hook
            name = f"{json.loads(payload)['id']}_{uuid.uuid4()}"
            stepfunctions._start_execution(  # noqa: SLF001
                {"stateMachineArn": machine, "input": payload, "name": name}
            )

    eventbridge._dispatch_to_stepfunctions = start  # noqa: SLF001


def draw_waits() -> None:
    """Let a retry wait as its JitterStrategy and MaxDelaySeconds say: without, a burst comes back as a burst."""
    find = stepfunctions._find_matching_retrier  # noqa: SLF001  # asked once before each wait

    def find_with_wait(retriers: list[dict[str, Any]], error: str, counts: dict[int, int]) -> tuple[Any, Any]:
        retrier, number = find(retriers, error, counts)
        if retrier is None:
            return retrier, number
        wait = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** counts.get(number, 0)
        longest = min(wait, retrier.get("MaxDelaySeconds", wait))
        drawn = random.uniform(0, longest) if retrier.get("JitterStrategy") == "FULL" else longest  # noqa: S311  # no secret
        return {**retrier, "IntervalSeconds": drawn, "BackoffRate": 1.0}, number

    stepfunctions._find_matching_retrier = find_with_wait  # noqa: SLF001


def draw_credentials() -> None:
    """Give functions credentials that nobody else can work out: the emulator's follow from names alone."""
    plain, drawn = lambda_runtime.execution_credentials, secrets.token_hex()

    def of_this_run(config: dict[str, Any]) -> dict[str, str]:
        # Of the role the emulator takes what follows the last slash, and everything into the hash.
        credentials: dict[str, str] = plain(config | {"Role": f"{drawn}/{config.get('Role', '')}"})
        return credentials

    lambda_runtime.execution_credentials = lambda_svc.execution_credentials = of_this_run
