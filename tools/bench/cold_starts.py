"""The cold start of each function, beside that of a function that imports boto3 and makes the same clients.

Both are started by the engine's `bootstrap`, in a process of their own, with AWS's runtime client. A start ends when
the process asks the Lambda Runtime API for its first event: handler and clients are then ready.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from imagelabels.local.server_process import REGION, environment
from imagelabels.local.template import RUNTIME

START_SECONDS = 60
MODULE = "cold_start"
PRODUCT = """
from {package}.handler import handler
from imagelabels_shared.aws import client

for service in {services}:
    client(service)
"""
FLOOR = """
import boto3

for service in {services}:
    boto3.client(service)


def handler(event, context):
    return event
"""
# The services whose name in IAM is not boto3's.
CLIENTS = {"ses": "sesv2", "states": "stepfunctions"}
# What AWS does in a function's name, without a client of it: it writes logs, uses the key of a bucket, polls a queue.
WITHOUT_CLIENT = {"kms", "logs"}
POLLING = {
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
}


class Function(NamedTuple):
    """A function of the template: its package in `functions/`, its code, its variables and the clients it may use."""

    package: str
    code: Path
    variables: dict[str, str]
    services: list[str]


class Start(NamedTuple):
    """One start, in seconds: on the clock, and of processor time."""

    wall: float
    processor: float


class Starts(NamedTuple):
    """The starts of a function and of its floor, one each for each round."""

    product: list[Start]
    floor: list[Start]


def functions(assembly: Path) -> list[Function]:
    """Return the functions of a local assembly; a function has a client for each service that its role may call."""
    template = json.loads((assembly / "ImageLabels.template.json").read_text())["Resources"]
    assets = json.loads((assembly / "ImageLabels.assets.json").read_text())["files"]
    found = []
    for resource in template.values():
        if resource["Type"] == "AWS::Lambda::Function" and resource["Properties"]["Runtime"] == RUNTIME:
            properties = resource["Properties"]
            asset = assets[properties["Code"]["S3Key"].removesuffix(".zip")]
            variables = properties["Environment"]["Variables"].items()
            found.append(
                Function(
                    properties["Handler"].partition(".")[0],
                    assembly / asset["source"]["path"],
                    # Values that CloudFormation fills in are read when an event comes, which is after the start.
                    {name: value for name, value in variables if isinstance(value, str)},
                    sorted(_services(template, properties["Role"]["Fn::GetAtt"][0])),
                )
            )
    return sorted(found)


def _services(template: dict[str, Any], role: str) -> Iterator[str]:
    prefixes = {
        action.partition(":")[0]
        for policy in template.values()
        if policy["Type"] == "AWS::IAM::Policy" and {"Ref": role} in policy["Properties"]["Roles"]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        for action in set(_listed(statement["Action"])) - POLLING
    }
    return (CLIENTS.get(prefix, prefix) for prefix in prefixes - WITHOUT_CLIENT)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def measure(function: Function, folder: Path, rounds: int) -> Starts:
    """Start a function and its floor in turn. The first start of each, which compiles the modules, does not count."""
    product, floor = folder / function.package, folder / f"{function.package}-floor"
    shutil.copytree(function.code, product)
    floor.mkdir()
    shutil.copy(function.code / "bootstrap", floor)
    names = {"package": function.package, "services": function.services}
    (product / f"{MODULE}.py").write_text(PRODUCT.format(**names))
    (floor / f"{MODULE}.py").write_text(FLOOR.format(**names))
    starts = [(start(product, function.variables), start(floor, function.variables)) for _ in range(rounds + 1)][1:]
    return Starts([ours for ours, _ in starts], [other for _, other in starts])


def start(code: Path, variables: dict[str, str]) -> Start:
    """Start the function whose code is in a folder, and end it. Raises RuntimeError with its output if it fails."""
    with _runtime_api() as api, (code / "log").open("w+b") as log:
        begin = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  # our own program
            [code / "bootstrap"], cwd=code, env=_environment(api, code, variables), stdout=log, stderr=log
        )
        try:
            api.handle_request()
            wall = time.perf_counter() - begin
        finally:
            process.kill()
            _pid, process.returncode, usage = os.wait4(process.pid, 0)
        if not api.ready:
            log.seek(0)
            raise RuntimeError(f"{code.name} does not start: {log.read().decode(errors='replace')}")
    return Start(wall, usage.ru_utime + usage.ru_stime)


class _RuntimeApi(HTTPServer):
    timeout = START_SECONDS
    ready = False


class _Handler(BaseHTTPRequestHandler):
    server: _RuntimeApi

    def do_GET(self) -> None:
        self.server.ready = self.path.endswith("/runtime/invocation/next")

    def do_POST(self) -> None:
        """Take the report of a failed start; the function has written it to its output, too."""

    def log_message(self, *_arguments: Any) -> None:
        """Keep requests out of the output."""


@contextmanager
def _runtime_api() -> Iterator[_RuntimeApi]:
    with _RuntimeApi(("127.0.0.1", 0), _Handler) as server:
        yield server


def _environment(api: _RuntimeApi, code: Path, variables: dict[str, str]) -> dict[str, str]:
    """Return what the engine gives a function; the key opens nothing, because no call is made."""
    return environment(api.server_port, code) | variables | {
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_LAMBDA_FUNCTION_NAME": code.name,
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}",
        "AWS_REGION": REGION,
        "AWS_SECRET_ACCESS_KEY": "none",
        "LAMBDA_TASK_ROOT": str(code),
        "_HANDLER": f"{MODULE}.handler",
    }  # fmt: skip
