"""The stack that a command talks to: the chosen one, else the local one when it is up, otherwise the one on AWS."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import boto3
from botocore.exceptions import ClientError

from imagelabels.errors import UserError
from imagelabels.paths import HOME, OUTPUTS
from imagelabels.stack import local_lock
from imagelabels.stack.local_session import local_session

STACK_NAME = "ImageLabels"
# The environment variable that chooses the stack: LOCAL or AWS; without it, the local one when it is up.
TARGET = "IMAGELABELS_TARGET"
LOCAL, AWS = "local", "aws"


class Outputs(dict[str, str]):
    """The outputs of a stack by name; one that is missing raises UserError, because an older stack has fewer."""

    def __missing__(self, name: str) -> str:
        raise UserError(f"The stack has no output {name}: deploy it again (local: stop `make run`, start it again).")


@dataclass(frozen=True)
class Stack:
    """The deployed stack: a session, the stack's outputs by name, and the endpoint of a local stack (None on AWS).

    Functions that take a Stack raise botocore's own errors when AWS refuses a call. Threads may share a Stack and its
    clients; a table is for one thread.
    """

    session: boto3.Session
    outputs: dict[str, str]
    endpoint: str | None = None
    _clients: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    # A boto3 session is not safe to use from several threads at once.
    _lock: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    @property
    def place(self) -> str:
        """Where the stack is, for people: a local address, or account, region and name on AWS."""
        if self.endpoint:
            return f"Local stack {self.endpoint.removeprefix('http://')}"
        _arn, _aws, _states, region, account, *_rest = self.machine.split(":")
        return f"AWS {account}, {region}, stack {STACK_NAME}"

    @property
    def bucket(self) -> str:
        """The name of the bucket that photos are uploaded to."""
        return self.outputs["ImagesBucketName"]

    @property
    def prefix(self) -> str:
        """How the keys of all photos begin; "" for every object of the bucket."""
        return self.setting("imagesPrefix")

    @property
    def image_properties(self) -> bool:
        """Whether colours and quality of photos are asked for, too."""
        return self.setting("imageProperties") == "true"

    def setting(self, name: str) -> str:
        """Return a setting with which the stack was deployed; "" when it is none, or the stack recorded none."""
        return str(json.loads(self.outputs.get("Settings", "{}")).get(name, ""))

    @property
    def machine(self) -> str:
        """The ARN of the state machine."""
        return self.outputs["StateMachineArn"]

    def client(self, service: str) -> Any:
        """Return the boto3 client of a service; the same one each time, which keeps its connections open."""
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self.session.client(service, endpoint_url=self.endpoint)  # type: ignore[call-overload]  # by name
            return self._clients[service]

    def table(self) -> Any:
        """Return the boto3 Table of images, labels and archived runs."""
        with self._lock:
            resource = self.session.resource("dynamodb", endpoint_url=self.endpoint)
        return resource.Table(self.outputs["LabelsTableName"])


def connect(outputs: Path = HOME / OUTPUTS) -> Stack:
    """Return the stack that IMAGELABELS_TARGET chooses, without it the local one when it is up, otherwise AWS's.

    Raises UserError when the chosen one is not there, while a local stack is starting, and as `on_aws`.
    """
    target = os.environ.get(TARGET, "")
    if target not in {"", LOCAL, AWS}:
        raise UserError(f"{TARGET} must be {LOCAL} or {AWS}, not {target!r}.")
    found = None if target == AWS else local(outputs)
    if found is None and target != AWS and local_lock.is_held(outputs.parent):
        raise UserError(f"The local stack of {outputs.parent} is still starting: wait for it, or use --aws.")
    if found is None and target == LOCAL:
        raise UserError(f"No local stack is up in {outputs.parent}: start it with `make run`.")
    return found or on_aws(shell_session())


def was_killed(outputs: Path = HOME / OUTPUTS) -> bool:
    """Tell whether a local stack left its outputs behind: it did not end, it was killed."""
    return not local_lock.is_held(outputs.parent) and outputs.exists()


def shell_session() -> boto3.Session:
    """Return a session with the credentials and the region of this shell."""
    # boto3 reads AWS_DEFAULT_REGION only; the AWS command line and the other SDKs read AWS_REGION.
    return boto3.Session(region_name=os.environ.get("AWS_REGION") or None)


def local(outputs: Path) -> Stack | None:
    """Return the local stack that wrote the file `outputs`, None when it is not up.

    Raises UserError when the file cannot be read, or the folder is another user's.
    """
    # The lock tells, and not the port: after a crash, any other program may listen there.
    if not local_lock.is_held(outputs.parent) or not outputs.exists():
        return None
    try:
        values = Outputs(json.loads(outputs.read_text()))
    except (ValueError, TypeError) as error:
        raise UserError(f"{outputs} is damaged: stop the local stack and start it again, or use --aws.") from error
    session = local_session(values["accessKeyId"], values["secretAccessKey"], values["region"])
    return Stack(session, values, values["endpoint"])


def on_aws(session: boto3.Session) -> Stack:
    """Return the stack on AWS; raises UserError when there is no region or no stack, botocore's error otherwise."""
    if not session.region_name:
        raise UserError("No region is set: set AWS_REGION, or start a local stack with `make run`.")
    stack = describe(session)
    if stack is None:
        raise UserError(
            f"There is no stack {STACK_NAME} in {session.region_name}: deploy it, set AWS_REGION, or use `make run`."
        )
    if not stack.get("Outputs"):
        raise UserError(f"The stack {STACK_NAME} in {session.region_name} is {stack['StackStatus']}: deploy it first.")
    return Stack(session, Outputs({output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}))


def describe(session: boto3.Session) -> dict[str, Any] | None:
    """Return what CloudFormation says of the stack on AWS, None when there is none; raises botocore's errors."""
    try:
        (stack,) = session.client("cloudformation").describe_stacks(StackName=STACK_NAME)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        return None
    return dict(stack)
