"""Links to pages of the AWS console, and the command that starts an execution again."""

import json
import shlex
from typing import Any
from urllib.parse import quote

from imagelabels_shared.text import visible

STATES_PAGE = "/states/home"
# docs.aws.amazon.com/govcloud-us/latest/UserGuide/using-govcloud-endpoints.html, and docs.amazonaws.cn for China.
CONSOLES = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}


def aws_console(partition: str, region: str) -> str:
    """Return the address of the AWS console for a region of a partition (`aws`, `aws-cn`, `aws-us-gov`)."""
    return f"https://{region}.{CONSOLES.get(partition, 'console.aws.amazon.com')}"


def execution_link(execution: str, console: str = "") -> str:
    """Return the page of an execution (its ARN has partition and region), in `imagelabels console` if that is given."""
    if console:
        return f"{console}/executions/{_quoted(execution.split(':', 7)[-1])}"
    return f"{_states(execution)}#/v2/executions/details/{quote(execution, safe=':')}"


def machine_link(execution: str) -> str:
    """Return the console page of the state machine, which lists its executions."""
    return f"{_states(execution)}#/statemachines/view/{quote(machine(execution), safe=':')}"


def list_link(link: str, execution: str) -> str:
    """Return the page of all executions in the same console as the `link` to one."""
    console, found, _name = link.partition("/executions/")
    return f"{console}/" if found and STATES_PAGE not in link else machine_link(execution)


def photos_link(link: str, execution: str, bucket: str) -> str:
    """Return the page of all photos in the same console as the `link` to an execution."""
    console, found, _name = link.partition("/executions/")
    if found and STATES_PAGE not in link:
        return f"{console}/"
    partition, region = _place(execution)
    return f"{aws_console(partition, region)}/s3/buckets/{_quoted(bucket)}?region={region}"


def machine(execution: str) -> str:
    """Return the ARN of the state machine that an execution belongs to."""
    return execution.replace(":execution:", ":stateMachine:").rsplit(":", 1)[0]


def object_link(execution: str, image: dict[str, Any], console: str = "") -> str:
    """Return the console page of a photo, of the reported version if one is known."""
    if console:
        return f"{console}/photo?key={_quoted(image['key'])}"
    partition, region = _place(execution)
    version = f"&versionId={_quoted(image['versionId'])}" if image.get("versionId") else ""
    page = f"{aws_console(partition, region)}/s3/object/{_quoted(image['bucket'])}?region={region}"
    return f"{page}&prefix={_quoted(image['key'])}{version}"


def _place(arn: str) -> tuple[str, str]:
    """Return the partition and the region in an ARN."""
    _arn, partition, _service, region, *_rest = arn.split(":")
    return partition, region


def _states(execution: str) -> str:
    partition, region = _place(execution)
    return f"{aws_console(partition, region)}/states/home?region={region}"


def _quoted(text: str) -> str:
    # An execution's input may contain a lone surrogate, which cannot be encoded.
    return quote(text, safe="", errors="replace")


def reprocess_command(key: str) -> str:
    """Return the command of `imagelabels` that labels a photo again; "" when nobody can type its key."""
    if visible(key) != key or key.startswith("-"):
        return ""
    return f"imagelabels reprocess {shlex.quote(key)}"


def rerun_command(execution: str, image: dict[str, Any], endpoint: str = "") -> str:
    """Return a shell command that labels the photo again: one line of ASCII, with any key quoted."""
    document = json.dumps({"bucket": image["bucket"], "key": image["key"]})
    where = f"--region {execution.split(':')[3]}" + (f" --endpoint-url {endpoint}" if endpoint else "")
    started = f"--state-machine-arn {machine(execution)} --input {shlex.quote(document)}"
    return f"aws stepfunctions start-execution {where} {started}"
