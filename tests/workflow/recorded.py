"""What a release hands from state to state: recorded once, because its executions in flight meet the next release.

At a release, `make record` writes `tests/workflow/releases/<version>.json`.
"""

import base64
import json
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from imagelabels.paths import ROOT
from infra.definition import definition_json
from tests.pictures import picture
from tests.workflow.deployed import deployed, renew
from tests.workflow.machine import Execution, Machine, object_created

FOLDER = Path(__file__).parent / "releases"
# The newest first.
RELEASES = re.findall(r"^## (\d+\.\d+\.\d+) ", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
# EventBridge names an execution by the id of its event and another UUID.
NAME = "17793124-05d4-b198-2fde-7ededc63b103_{}"


class Scenario(NamedTuple):
    """Versions of one photo, the runs of the oldest one's event, and which states always fail."""

    versions: list[bytes]
    runs: int = 1
    faults: Mapping[str, str] = MappingProxyType({})


SCENARIOS = {
    "labelled": Scenario([picture()]),
    "converted": Scenario([picture("GIF")]),
    "rejected": Scenario([b"Dear diary, no photo today."]),
    "not found": Scenario([]),
    "superseded": Scenario([picture(), picture("PNG")]),
    "duplicate": Scenario([picture()], runs=2),
    "failed": Scenario([picture()], faults={"DetectLabels": "BrokenError"}),
    "failed, not reported": Scenario(
        [picture()], faults={"DetectLabels": "BrokenError", "PublishFailure": "AlsoError"}
    ),
}


def run(machine: Machine, name: str, scenario: Scenario, arn: str = "") -> tuple[list[str], list[Execution]]:
    """Upload the versions and run their scenario, on another state machine if `arn` names one.

    Return the ids of the versions and the executions.
    """
    key = f"{name}.jpg"
    versions = [machine.put(key, body) for body in scenario.versions]
    for state, error in scenario.faults.items():
        machine.faults.always(state, error)
    event = object_created(key, next(iter(versions), "none"))
    runs = [machine.run(event, NAME.format(uuid4()), arn) for _ in range(scenario.runs)]
    return versions, runs


def record(machine: Machine, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return the definition as JSON, and for each scenario what its states and functions said to each other."""
    found = {}
    for name, scenario in SCENARIOS.items():
        renew(machine, patch)
        versions, runs = run(machine, name, scenario)
        found[name] = {
            "versions": versions,
            "bodies": [base64.b64encode(body).decode() for body in scenario.versions],
            "runs": [{"states": execution.states, "status": execution.status} for execution in runs],
            "faults": dict(scenario.faults),
            "calls": machine.faults.calls,
        }
    return {"definition": json.loads(definition_json()), "scenarios": found}


def main(folder: Path = FOLDER) -> None:
    """Record the newest release of CHANGELOG.md; a release that is recorded stays as it was."""
    file = folder / f"{RELEASES[0]}.json"
    if file.exists():
        raise SystemExit(f"{file.name} is recorded: give CHANGELOG.md a section for the new release first.")
    # The scenarios ask for failures, and moto logs each.
    logging.disable()
    with deployed() as machine, pytest.MonkeyPatch.context() as patch:
        text = json.dumps(record(machine, patch), indent=1, ensure_ascii=False)
    # A stack trace has paths of the machine that records.
    file.write_text(text.replace(str(ROOT), "/var/task") + "\n")


if __name__ == "__main__":
    main()
