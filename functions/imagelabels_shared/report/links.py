"""Links to pages of the AWS console, and the command that starts an execution again."""

import json
import shlex
from typing import Any
from urllib.parse import quote


def execution_link(execution: str) -> str:
    """Return the console page of an execution (its ARN names the region)."""
    region = execution.split(":")[3]
    home = f"https://{region}.console.aws.amazon.com/states/home?region={region}"
    return f"{home}#/v2/executions/details/{quote(execution, safe=':')}"


def machine_link(execution: str) -> str:
    """Return the console page of the state machine, which lists its executions."""
    region = execution.split(":")[3]
    home = f"https://{region}.console.aws.amazon.com/states/home?region={region}"
    return f"{home}#/statemachines/view/{quote(machine(execution), safe=':')}"


def machine(execution: str) -> str:
    """Return the ARN of the state machine that an execution belongs to."""
    return execution.replace(":execution:", ":stateMachine:").rsplit(":", 1)[0]


def object_link(execution: str, image: dict[str, Any]) -> str:
    """Return the console page of a photo, of the reported version if one is known."""
    region = execution.split(":")[3]
    version = f"&versionId={_quoted(image['versionId'])}" if image.get("versionId") else ""
    page = f"https://{region}.console.aws.amazon.com/s3/object/{_quoted(image['bucket'])}?region={region}"
    return f"{page}&prefix={_quoted(image['key'])}{version}"


def _quoted(text: str) -> str:
    # An execution's input may contain a lone surrogate, which cannot be encoded.
    return quote(text, safe="", errors="replace")


def rerun_command(execution: str, image: dict[str, Any]) -> str:
    """Return a shell command that labels the photo again: one line of ASCII, with any key quoted."""
    document = json.dumps({"bucket": image["bucket"], "key": image["key"]})
    arn = machine(execution)
    region = execution.split(":")[3]
    command = f"aws stepfunctions start-execution --region {region} --state-machine-arn {arn}"
    return f"{command} --input {shlex.quote(document)}"
