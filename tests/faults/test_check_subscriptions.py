"""Each AWS call of the daily check of the subscriptions, with each fault: its answer is never wrong.

The fault matrix has the calls that a photo causes; this function knows no photo.
"""

import json
from contextlib import nullcontext
from typing import Any

import pytest

from tests.e2e.stack import Stack
from tests.e2e.test_check_subscriptions import FUNCTION, check, no_operator, told
from tests.faults.cells import ACCESS_DENIED, CALL_FAULTS
from tests.faults.harness import Harness

LIST, PUBLISH = "sns:ListSubscriptionsByTopic", "sns:Publish"
WELL, LOST = {"subscribed": 2}, "SubscriptionsLostError"
# A call that fails more often than the client tries, and a process that ends.
ERRORS = {"ThrottledError", "ServiceUnavailableError", "AccessDeniedError", "Runtime.ExitError"}

# The client tries six times.
HEAL = {
    "throttled once",
    "answers 500 twice",
    "a second late",
    "connection refused",
    "connection lost after the effect",
}


def rule(action: str, fault: str) -> dict[str, Any]:
    return {**CALL_FAULTS[fault], "error": ACCESS_DENIED["sns"], "action": action, "function": FUNCTION}


@pytest.mark.soak
@pytest.mark.parametrize("action", [LIST, PUBLISH])
@pytest.mark.parametrize("fault", CALL_FAULTS)
def test_a_fault_of_a_call_is_an_error_or_heals(harness: Harness, fault: str, action: str) -> None:
    """An error is an alarm; the check of the next day finds out what is."""
    stack = Stack(harness.engine.outputs)
    before = len(told(stack))
    with nullcontext() if action == LIST else no_operator(stack):
        with harness.switched("faults", {"rules": [rule(action, fault)]}):
            answer = check(stack)
            called = [name for _function, name, _fault in harness.state("faults")["log"]]
        assert action in called, json.dumps(called)
        right = answer == WELL if action == LIST else answer.get("errorType") == LOST
        assert right or answer["errorType"] in ERRORS, answer
        assert right or fault not in HEAL, answer
        if action == PUBLISH:
            check(stack)
    mails = len(told(stack)) - before
    assert mails == 0 if action == LIST else mails >= 1
    assert check(stack) == WELL
