"""Checks that a new photo starts the workflow: from the bucket to the rule to the state machine."""

from typing import Any

from imagelabels.operations.doctor.check_result import CheckResult
from imagelabels.stack.connection import Stack


def notifications(stack: Stack) -> list[CheckResult]:
    """Check that the bucket sends its events to EventBridge."""
    found = stack.client("s3").get_bucket_notification_configuration(Bucket=stack.bucket)
    well = "EventBridgeConfiguration" in found
    says = f"{stack.bucket} tells EventBridge of new photos" if well else _off(stack.bucket)
    return [CheckResult("bucket", says, well=well)]


def _off(bucket: str) -> str:
    return f"{bucket} does not tell EventBridge of new photos: deploy again, or turn EventBridge on for the bucket"


def rules(stack: Stack) -> list[CheckResult]:
    """Check that an enabled rule starts the state machine, and has a dead-letter queue."""
    events = stack.client("events")
    names = events.list_rule_names_by_target(TargetArn=stack.machine)["RuleNames"]
    if not names:
        return [CheckResult("rule", "No EventBridge rule starts the state machine: deploy again", well=False)]
    return [result for name in names for result in _rule(events, name, stack.machine)]


def _rule(events: Any, name: str, machine: str) -> list[CheckResult]:
    enabled = events.describe_rule(Name=name)["State"] == "ENABLED"
    says = "is enabled" if enabled else f"is disabled: aws events enable-rule --name {name}"
    targets = events.list_targets_by_rule(Rule=name)["Targets"]
    target = next(target for target in targets if target["Arn"] == machine)
    kept = "Arn" in target.get("DeadLetterConfig", {})
    keeps = "keeps events that it cannot deliver" if kept else "loses events that it cannot deliver: deploy again"
    return [CheckResult("rule", f"{name} {says}", well=enabled), CheckResult("rule", f"{name} {keeps}", well=kept)]
