"""The runbook: a section for each alarm, and commands that work, run here by a shell on the local stack."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from imagelabels.files import samples
from imagelabels.home import ROOT
from tests.e2e.stack import Stack

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL))
GENERAL = {"An earlier release", "Destroy"}
