"""Gets the fonts for the pictures of the mails from npm, locked by hash: `python -m tools.fonts`."""

import os
import subprocess
import sys
from pathlib import Path

from imagelabels.deploy.cdk_cli import find_npm
from imagelabels.deploy.node import find_node
from imagelabels.errors import UserError


def main() -> int:
    """Return npm's exit code."""
    path = os.pathsep.join([str(Path(find_node()).parent), os.environ.get("PATH", os.defpath)])
    command = [*find_npm(), "ci", "--no-progress"]
    return subprocess.run(command, cwd=Path(__file__).parent, env={**os.environ, "PATH": path}, check=False).returncode  # noqa: S603  # our words


if __name__ == "__main__":
    try:
        sys.exit(main())
    except UserError as error:
        sys.exit(str(error))
