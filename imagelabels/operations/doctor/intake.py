"""Does a new photo start the workflow? From the bucket to the rule to the state machine."""

from typing import Any

from imagelabels.operations.doctor.check_result import Finding
from imagelabels.stack.pipeline import Pipeline


def notifications(pipeline: Pipeline) -> list[Finding]:
    """Check that the bucket tells EventBridge of its objects."""
    found = pipeline.s3.get_bucket_notification_configuration(Bucket=pipeline.bucket)
    well = "EventBridgeConfiguration" in found
    says = f"{pipeline.bucket} tells EventBridge of new photos" if well else _off(pipeline.bucket)
    return [Finding("bucket", says, well=well)]


def _off(bucket: str) -> str:
    return f"{bucket} does not tell EventBridge of new photos: deploy again, or turn EventBridge on for the bucket"


def rules(pipeline: Pipeline) -> list[Finding]:
    """Check that an enabled rule starts the state machine, and keeps what it cannot deliver."""
    events = pipeline.connection.client("events")
    names = events.list_rule_names_by_target(TargetArn=pipeline.machine)["RuleNames"]
    if not names:
        return [Finding("rule", "No EventBridge rule starts the state machine: deploy again", well=False)]
    return [finding for name in names for finding in _rule(events, name, pipeline.machine)]


def _rule(events: Any, name: str, machine: str) -> list[Finding]:
    enabled = events.describe_rule(Name=name)["State"] == "ENABLED"
    says = "is enabled" if enabled else f"is disabled: aws events enable-rule --name {name}"
    target = next(one for one in events.list_targets_by_rule(Rule=name)["Targets"] if one["Arn"] == machine)
    kept = "Arn" in target.get("DeadLetterConfig", {})
    keeps = "keeps events that it cannot deliver" if kept else "loses events that it cannot deliver: deploy again"
    return [Finding("rule", f"{name} {says}", well=enabled), Finding("rule", f"{name} {keeps}", well=kept)]
