"""The pages of `docs/` that are generated: `make docs` writes them, tests hold them to what they are about."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from imagelabels.local.synthesis import finish, synthesize
from imagelabels.paths import ROOT
from tools.command_reference import PAGE as COMMANDS
from tools.command_reference import reference
from tools.permissions import table

PERMISSIONS = ROOT / "docs" / "permissions.md"
PEOPLE = {"reportEmail": "you@example.com", "operatorsEmail": "operators@example.com"}


def main() -> None:
    COMMANDS.write_text(reference())
    with TemporaryDirectory() as folder, synthesize(Path(folder), PEOPLE, dict(os.environ)) as synthesis:
        finish(synthesis)
        PERMISSIONS.write_text(table(json.loads((Path(folder) / "ImageLabels.template.json").read_text())))


if __name__ == "__main__":
    main()
