"""Queues that functions read: a batch that a function has is not delivered a second time."""

from typing import Any

import pytest

from tests.synthesis import Synthesize, of_type

TIMEOUTS = 6


def too_short(template: dict[str, Any]) -> list[str]:
    """Return the queues whose visibility timeout is under six timeouts of the function and the batching window."""
    resources = {name: resource.get("Properties", {}) for name, resource in template["Resources"].items()}
    return [
        queue
        for mapping in of_type(template, "AWS::Lambda::EventSourceMapping")
        for queue in [mapping["EventSourceArn"]["Fn::GetAtt"][0]]
        if resources[queue]["VisibilityTimeout"]
        < TIMEOUTS * resources[mapping["FunctionName"]["Ref"]]["Timeout"]
        + mapping.get("MaximumBatchingWindowInSeconds", 0)
    ]


@pytest.mark.parametrize("settings", [{}, {"digestSeconds": 300}, {"digestSeconds": 0}])
def test_no_batch_is_delivered_again_while_a_function_has_it(synthesize: Synthesize, settings: dict[str, Any]) -> None:
    assert too_short(synthesize(**settings).template) == []


def test_a_visibility_timeout_without_the_batching_window_is_noticed(template: dict[str, Any]) -> None:
    copy = {**template, "Resources": {**template["Resources"]}}
    (name,) = [
        name
        for name in copy["Resources"]
        if name.startswith("AuditTrail") and copy["Resources"][name]["Type"] == "AWS::SQS::Queue"
    ]
    queue = copy["Resources"][name]
    copy["Resources"][name] = {**queue, "Properties": {**queue["Properties"], "VisibilityTimeout": 180}}
    assert too_short(copy) == [name]
