"""The stack, synthesized in this process as for AWS: no account, no network, no wheels."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from imagelabels.home import ROOT
from imagelabels.local.synthesis import find_node

# The CDK starts its Node.js when it is imported.
os.environ["JSII_NODE"] = find_node()
import aws_cdk as cdk

from infra.app import build
from infra.nag import inspect

PEOPLE = {"reportEmail": "photos@example.com", "operatorsEmail": "operators@example.com"}


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
        app = cdk.App(context={**flags, "aws:cdk:bundling-stacks": [], **PEOPLE, **settings}, outdir=str(folder))
        if inspected:
            inspect(app)
        build(app)
        app.synth()
        return Assembly(json.loads((folder / "ImageLabels.template.json").read_text()), folder, app)

    return run


@pytest.fixture(scope="session")
def template(synthesize: Synthesize) -> dict[str, Any]:
    """Return the template of stage `dev`."""
    return synthesize().template


@pytest.fixture(scope="session")
def prod(synthesize: Synthesize) -> dict[str, Any]:
    return synthesize(stage="prod").template


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one template in one worker, so that the CDK is started once."""
    for item in items:
        if "synthesize" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("template"))
