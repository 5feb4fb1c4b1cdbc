"""cdk-nag checks the stack at every synthesis; a finding that stays is acknowledged on its construct, with a reason."""

from typing import Any

import cdk_nag
from aws_cdk import Acknowledgment, App, Stack, Validations
from constructs import Construct


def inspect(app: App) -> None:
    """Make `app.synth()` fail on a finding that is not acknowledged."""
    Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app), cdk_nag.ServerlessChecks(app))


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
