"""When the newest version is deleted, or a delete marker is, an older version is the photo again; S3 tells nobody."""

import json
from typing import Any

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, client, error_code
from imagelabels_shared.table.claims import Version, claim
from remove_labels.environment import RemoveLabelsEnvironment

RUNNING = "RUNNING"
# Lifecycle rules delete versions that were not the newest, so nothing older comes back.
LIFECYCLE = "Lifecycle Expiration"


def relabel(event: dict[str, Any], version: Version) -> str | None:
    """Start labelling the version that is the photo now; return the execution's ARN.

    Return None when there is no need: a lifecycle rule deleted, or the execution that labels the version runs.
    """
    if event["detail"].get("reason") == LIFECYCLE:
        return None
    machine, name = RemoveLabelsEnvironment.from_environ().state_machine_arn, f"restored-{event['id']}"
    ours = f"{machine.replace(':stateMachine:', ':execution:')}:{name}"
    # With the claim, an upload's event that is only late starts no second one.
    theirs = claim(version, ours)
    if theirs != ours and _runs(theirs):
        return None
    _start(machine, name, {"bucket": version.bucket, "key": version.key, "versionId": version.version})
    return ours


def _runs(execution: str) -> bool:
    with aws_call("states:DescribeExecution", execution):
        return bool(client("stepfunctions").describe_execution(executionArn=execution)["status"] == RUNNING)


def _start(machine: str, name: str, photo: dict[str, str]) -> None:
    """Start an execution; when the message comes again, the name makes it the same one."""
    try:
        with aws_call("states:StartExecution", machine):
            client("stepfunctions").start_execution(stateMachineArn=machine, name=name, input=json.dumps(photo))
    except ClientError as error:
        if error_code(error) != "ExecutionAlreadyExists":
            raise
