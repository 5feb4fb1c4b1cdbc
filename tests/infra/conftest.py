"""The template, synthesized once, in an environment with no AWS settings at all."""

import json
import os
from pathlib import Path
from typing import Any, cast

import pytest

from imagelabels.local.synthesis import finish, synthesize

REPORT_EMAIL = "photos@example.com"


def synthesized(outdir: Path, **context: str) -> dict[str, Any]:
    """Return the template; only what finds programs is left of the environment."""
    variables = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with synthesize(outdir, context, variables) as synthesis:
        finish(synthesis)
    return cast("dict[str, Any]", json.loads((outdir / "ImageLabels.template.json").read_text()))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return synthesized(tmp_path_factory.mktemp("cdk.out"), reportEmail=REPORT_EMAIL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one template in one worker, so that it is synthesized once."""
    for item in items:
        if "template" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("template"))
