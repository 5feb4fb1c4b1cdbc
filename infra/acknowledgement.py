"""Findings of cdk-nag that are acknowledged, each on its construct and with a reason."""

from typing import Any

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import Construct


def acknowledge(construct: Construct, *rules: str, because: str) -> None:
    """Acknowledge findings of `rules` (written `Pack::Pack-Rule`) on `construct` and on each construct in it."""
    Validations.of(construct).acknowledge(*(Acknowledgment(id=rule, reason=because) for rule in rules))


def wildcard(construct: Construct, resource: str) -> str:
    """Return the id of cdk-nag's finding about a permission on `resource`, an ARN with `*`."""
    return f"AwsSolutions::AwsSolutions-IAM5[Resource::{_shown(Stack.of(construct).resolve(resource))}]"


def _shown(resource: Any) -> str:
    match resource:
        case {"Fn::Join": [str(separator), [*parts]]}:
            return separator.join(_shown(part) for part in parts)
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Ref": name}:
            return f"<{name}>"
    return str(resource)
