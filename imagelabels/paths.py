"""Where the checkout is, and where a local stack keeps its state."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOME = Path(os.environ.get("IMAGELABELS_HOME") or ROOT / ".local")
OUTPUTS = "outputs.json"
