"""The stack, synthesized in this process as for AWS: no account, no network, no wheels."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from imagelabels.paths import ROOT

PEOPLE = {"reportEmail": "photos@example.com", "operatorsEmail": "operators@example.com"}


class Assembly(NamedTuple):
    """A synthesized app: its template, the folder with the rest, and the construct tree."""

    template: dict[str, Any]
    folder: Path
    app: Any


Synthesize = Callable[..., Assembly]


def synthesize_into(folder: Path, *, inspected: bool = False, **settings: Any) -> Assembly:
    """Synthesize the stack with these settings, through cdk-nag when `inspected`."""
    # The CDK starts its Node.js when it is imported, which takes seconds that most tests can save.
    import aws_cdk as cdk  # noqa: PLC0415  # see above

    from infra.app import build  # noqa: PLC0415  # see above
    from infra.nag import inspect  # noqa: PLC0415  # see above

    flags = json.loads((ROOT / "infra" / "cdk.json").read_text())["context"]
    app = cdk.App(context={**flags, "aws:cdk:bundling-stacks": [], **PEOPLE, **settings}, outdir=str(folder))
    if inspected:
        inspect(app)
    build(app)
    app.synth()
    return Assembly(json.loads((folder / "ImageLabels.template.json").read_text()), folder, app)


def of_type(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the properties of every resource of a type, for example `AWS::SQS::Queue`."""
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]
