"""The template, synthesized in an environment with no AWS settings at all."""

import json
import os
from pathlib import Path
from typing import Any, cast

from imagelabels.local.synthesis import finish, synthesize

REPORT_EMAIL = "photos@example.com"


def synthesized(outdir: Path, **context: str) -> dict[str, Any]:
    """Return the template; only what finds programs is left of the environment."""
    variables = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with synthesize(outdir, context, variables) as synthesis:
        finish(synthesis)
    return cast("dict[str, Any]", json.loads((outdir / "ImageLabels.template.json").read_text()))
