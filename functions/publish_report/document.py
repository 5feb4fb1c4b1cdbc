"""The report as JSON (docs/report.schema.json)."""

from typing import Any

from imagelabels_shared.models import Report
from imagelabels_shared.report.links import execution_link, object_link, rerun_command
from publish_report.facts import Facts


def document(facts: Facts, console: str = "", endpoint: str = "") -> Report:
    """Return the report of one execution, with everything that its mail says.

    Links lead to the `console`, and commands to the `endpoint`; without them to those of AWS.
    """
    report = Report(
        schema=1,
        outcome=facts.outcome,
        image=facts.image,
        labels=facts.labels,
        execution=facts.execution,
        links={"execution": execution_link(facts.execution, console)},
    )
    _add_known(report, facts)
    if facts.image:
        report["links"]["object"] = object_link(facts.execution, facts.image, console)
        report["rerun"] = rerun_command(facts.execution, facts.image, endpoint)
    return report


def _add_known(report: Report, facts: Facts) -> None:
    known: dict[str, Any] = {
        "imageProperties": facts.properties,
        "changes": facts.changes,
        "error": facts.error,
        "answer": facts.answer,
    }
    report.update({name: value for name, value in known.items() if value})  # type: ignore[typeddict-item]  # optional keys
