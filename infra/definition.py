"""The definitions in `statemachine/`, expanded to the JSON that AWS reads."""

import json
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "statemachine"
FILE = FOLDER / "label_image.asl.yaml"
LIBRARY_FILE = FOLDER / "label_library.asl.yaml"
# As in Compose files: what stands under such a key is there to be named by an anchor, and is not deployed.
HELPER = "x-"


def definition(file: Path = FILE) -> dict[str, Any]:
    """Return a definition: anchors and merge keys expanded, `${...}` where the stack puts its names."""
    document = yaml.safe_load(file.read_text())
    return {key: value for key, value in document.items() if not key.startswith(HELPER)}


def definition_json(file: Path = FILE) -> str:
    """Return a definition as the template carries it, indented, because the Step Functions console shows it."""
    return json.dumps(definition(file), indent=2, ensure_ascii=False)
