"""The stack, synthesized in this process as for AWS: no account, no network, no wheels."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from imagelabels.local.synthesis import ROOT, find_node

# The CDK starts its Node.js when it is imported.
os.environ["JSII_NODE"] = find_node()
import aws_cdk as cdk

from infra.app import build
from infra.nag import inspect


class Assembly(NamedTuple):
    """A synthesized app: its template, the folder with the rest, and the constructs."""

    template: dict[str, Any]
    folder: Path
    app: cdk.App


Synthesize = Callable[..., Assembly]


@pytest.fixture(scope="session")
def synthesize(tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """Synthesize the stack with these settings, through cdk-nag when `inspected`, `into` a folder."""
    flags = json.loads((ROOT / "infra" / "cdk.json").read_text())["context"]

    def run(*, inspected: bool = False, into: Path | None = None, **settings: Any) -> Assembly:
        folder = into or tmp_path_factory.mktemp("cdk.out")
        people = {"reportEmail": "you@example.com", "operatorsEmail": "operators@example.com"}
        context = {**flags, "aws:cdk:bundling-stacks": [], **people, **settings}
        app = cdk.App(context=context, outdir=str(folder))
        if inspected:
            inspect(app)
        build(app)
        app.synth()
        return Assembly(json.loads((folder / "ImageLabels.template.json").read_text()), folder, app)

    return run


@pytest.fixture(scope="session")
def dev(synthesize: Synthesize) -> dict[str, Any]:
    return synthesize().template


@pytest.fixture(scope="session")
def prod(synthesize: Synthesize) -> dict[str, Any]:
    return synthesize(stage="prod").template
