"""Synthesizes the CDK app as for AWS, but without the wheels of the layers."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imagelabels.deploy.node import find_node
from imagelabels.errors import UserError
from imagelabels.paths import ROOT

PROGRAM = """
import json, sys
import aws_cdk as cdk
from infra.app import build
app = cdk.App(context=json.loads(sys.argv[1]), outdir=sys.argv[2])
build(app)
app.synth()
"""


@contextmanager
def synthesize(outdir: Path, context: dict[str, str], variables: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Start synthesizing into `outdir` in a process of its own; `finish` waits for it.

    Raises UserError when Node.js is missing.
    """
    flags = json.loads((ROOT / "infra" / "cdk.json").read_text())["context"]
    merged = json.dumps({**flags, "aws:cdk:bundling-stacks": [], **context})
    process = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-c", PROGRAM, merged, str(outdir)],
        cwd=ROOT,
        # Checking the template against CloudFormation's schemas takes longer than synthesizing it.
        # `make test` and `make deploy` check it.
        env={**variables, "JSII_NODE": find_node(), "CDK_VALIDATION": "false"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def finish(process: subprocess.Popen[str]) -> None:
    """Wait for a synthesis; raises UserError with its last line when it failed."""
    _output, errors = process.communicate()
    if process.returncode:
        reason = (errors.strip().splitlines() or ["no reason given"])[-1]
        raise UserError(f"The stack could not be synthesized: {reason}")
