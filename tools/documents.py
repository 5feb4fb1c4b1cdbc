"""Write the generated pages of `docs/`: `make docs`. A test compares each page with the code that it describes."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from imagelabels.local.synthesis import finish, synthesize
from imagelabels.paths import ROOT
from tools.command_reference import PAGE as COMMANDS
from tools.command_reference import reference
from tools.costs_page import PAGE as COSTS
from tools.costs_page import page as costs_page
from tools.permissions import table
from tools.workflow_page import PAGE as WORKFLOW
from tools.workflow_page import page as workflow_page

PERMISSIONS = ROOT / "docs" / "permissions.md"
PEOPLE = {"reportEmail": "you@example.com", "operatorsEmail": "operators@example.com"}


def main() -> None:
    COMMANDS.write_text(reference())
    WORKFLOW.write_text(workflow_page())
    COSTS.write_text(costs_page())
    with TemporaryDirectory() as folder, synthesize(Path(folder), PEOPLE, dict(os.environ)) as synthesis:
        finish(synthesis)
        PERMISSIONS.write_text(table(json.loads((Path(folder) / "ImageLabels.template.json").read_text())))


if __name__ == "__main__":
    main()
