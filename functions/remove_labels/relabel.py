"""Labelling a version that came back: a deletion made it the newest one again, or it was restored from an archive."""

import json
from typing import Any

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, client, error_code
from imagelabels_shared.executions import is_running
from imagelabels_shared.table.claims import Version, claim
from remove_labels.environment import RemoveLabelsEnvironment

# A lifecycle rule deletes versions that are not the newest, so the newest version stays the same.
LIFECYCLE = "Lifecycle Expiration"


def by_lifecycle(event: dict[str, Any]) -> bool:
    """Return whether a lifecycle rule deleted, and not a request."""
    return bool(event["detail"].get("reason") == LIFECYCLE)


def relabel(event: dict[str, Any], version: Version) -> str | None:
    """Start an execution that labels the version; return its ARN.

    Return None when none is needed: a lifecycle rule deleted, or another execution labels the version at the moment.
    Raises what `aws_call` raises.
    """
    if by_lifecycle(event):
        return None
    machine, name = RemoveLabelsEnvironment.from_environ().state_machine_arn, f"restored-{event['id']}"
    execution = f"{machine.replace(':stateMachine:', ':execution:')}:{name}"
    # The claim makes a late upload event of the same version a duplicate. That of a run that has ended is taken over.
    claimed_by = claim(version, execution)
    if claimed_by != execution and is_running(claimed_by):
        return None
    if claim(version, execution, instead_of=claimed_by) != execution:
        return None
    _start(machine, name, {"bucket": version.bucket, "key": version.key, "versionId": version.version})
    return execution


def _start(machine: str, name: str, photo: dict[str, str]) -> None:
    """Start an execution; a repeated message has the same name, so it starts no second one."""
    try:
        with aws_call("states:StartExecution", machine):
            client("stepfunctions").start_execution(stateMachineArn=machine, name=name, input=json.dumps(photo))
    except ClientError as error:
        if error_code(error) != "ExecutionAlreadyExists":
            raise
