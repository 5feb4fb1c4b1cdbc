"""The stack as the last deploy left it: how it ended, and its settings."""

import json
from collections.abc import Iterable
from typing import NamedTuple

import boto3

from imagelabels.errors import UserError
from imagelabels.stack.connection import STACK_NAME, describe

RECORD = "Settings"
# Nothing was ever deployed: there is a change set that nobody executed.
ONLY_PLANNED = "REVIEW_IN_PROGRESS"
# The creation of the stack failed, so it never worked and CloudFormation cannot update it.
NEVER_COMPLETE = ("CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED")
HALF_DELETED = "DELETE_FAILED"
PROD = "prod"


class DeployedStack(NamedTuple):
    """A stack on AWS: CloudFormation's status, whether it is protected against deletion, and its settings by name.

    The settings are None when the release that deployed it kept no record of them, or when it was never complete.
    """

    status: str
    protected: bool
    settings: dict[str, str] | None

    @property
    def is_prod(self) -> bool:
        """Whether it was deployed as stage prod: the record tells, and without one the protection."""
        return self.protected if self.settings is None else self.settings.get("stage") == PROD


def find(session: boto3.Session) -> DeployedStack | None:
    """Return the deployed stack, None when there is none; raises botocore's errors."""
    found = describe(session)
    if found is None or found["StackStatus"] == ONLY_PLANNED:
        return None
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
    settings = json.loads(outputs[RECORD]) if RECORD in outputs else None
    return DeployedStack(found["StackStatus"], bool(found.get("EnableTerminationProtection")), settings)


def refuse_unusable(stack: DeployedStack | None) -> None:
    """Raise UserError when CloudFormation cannot update the stack as it is."""
    if stack is None:
        return
    if stack.status in {*NEVER_COMPLETE, HALF_DELETED}:
        raise UserError(
            f"The stack {STACK_NAME} is {stack.status} and cannot be updated: "
            "`make destroy` deletes what is left of it, then deploy again."
        )
    if stack.status.endswith("_IN_PROGRESS"):
        raise UserError(f"The stack {STACK_NAME} is being changed now ({stack.status}): try again when this is over.")


def record_of(stack: DeployedStack, given: Iterable[str], names: Iterable[str]) -> dict[str, str]:
    """Return the deployed settings; raises UserError when there is no record and not all of `names` are `given`."""
    if stack.settings is not None:
        return stack.settings
    if missing := [name for name in names if name not in set(given)]:
        raise UserError(
            f"The release that deployed {STACK_NAME} kept no record of its settings: name each one once, "
            f"so that none is reset. Missing: {', '.join(missing)} (the defaults are in docs/deploy.md)."
        )
    return {"stage": PROD} if stack.is_prod else {}
