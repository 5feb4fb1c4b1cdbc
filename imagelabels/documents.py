"""The pages of `docs/` that are generated: `make docs` writes them, tests hold them to the template."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from imagelabels.home import ROOT
from imagelabels.local.synthesis import finish, synthesize
from infra.permissions import table

PERMISSIONS = ROOT / "docs" / "permissions.md"
PEOPLE = {"reportEmail": "you@example.com", "operatorsEmail": "operators@example.com"}


def main() -> None:
    with TemporaryDirectory() as folder, synthesize(Path(folder), PEOPLE, dict(os.environ)) as synthesis:
        finish(synthesis)
        PERMISSIONS.write_text(table(json.loads((Path(folder) / "ImageLabels.template.json").read_text())))


if __name__ == "__main__":
    main()
