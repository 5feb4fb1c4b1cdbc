"""The definition of the workflow: `statemachine/label_image.asl.yaml`, expanded to the JSON that AWS reads."""

import json
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[1] / "statemachine" / "label_image.asl.yaml"
# As in Compose files: what stands under such a key is there to be named by an anchor, and is not deployed.
HELPER = "x-"


def definition() -> dict[str, Any]:
    """Return the definition: anchors and merge keys expanded, `${...}` where the stack puts its names."""
    document = yaml.safe_load(FILE.read_text())
    return {key: value for key, value in document.items() if not key.startswith(HELPER)}


def definition_json() -> str:
    """Return the definition as the template carries it, indented, because the Step Functions console shows it."""
    return json.dumps(definition(), indent=2, ensure_ascii=False)
