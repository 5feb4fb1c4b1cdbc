"""The report as plain text, which reads well in any mail client."""

from imagelabels_shared.models import Changes, Label, Outcome, Report
from imagelabels_shared.report.photo import Fact, fact, photo_facts
from imagelabels_shared.report.words import percent, shown
from imagelabels_shared.text import one_line, visible

INDENT = "  "
HEADLINES: dict[Outcome, str] = {
    "LABELLED": "Found in this photo:",
    "REJECTED": "This photo was not labelled.",
    "FAILED": "Labelling this photo failed, and not because of the photo.",
}
NOTHING = "Nothing was recognised in this photo with enough confidence."


def text(report: Report) -> str:
    """Return the mail's body: what was found or what went wrong, the photo, where to look."""
    parts = [*_headline(report), _aligned(photo_facts(report["image"])), _where(report)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _headline(report: Report) -> list[str]:
    error = report.get("error")
    if report["outcome"] == "REJECTED" and error:
        return [f"{HEADLINES['REJECTED']}\n{_aligned([fact('Reason', error['cause'])])}"]
    if report["outcome"] == "FAILED" and error:
        facts = [fact("State", error.get("state", "")), fact("Error", error["name"]), fact("Cause", error["cause"])]
        return [HEADLINES["FAILED"], _aligned(facts)]
    return [_found(report["labels"]), changed(report.get("changes"))]


def _found(labels: list[Label]) -> str:
    if not labels:
        return NOTHING
    return "\n".join(
        [HEADLINES["LABELLED"], *(f"{percent(one['confidence']):>7}  {one_line(shown(one))}" for one in labels)]
    )


def changed(changes: Changes | None) -> str:
    """Return what is different from the photo's last run; nothing when this is its first."""
    if changes is None or changes["lastRun"] is None:
        return ""
    news = [
        f"{word}: {one_line(', '.join(names))}"
        for word, names in (("new", changes["added"]), ("gone", changes["removed"]))
        if names
    ]
    return f"Since its last run on {changes['lastRun'][:10]}: {'; '.join(news) or 'the same labels'}."


def _aligned(facts: list[Fact]) -> str:
    width = max((len(fact.name) for fact in facts), default=0) + 1
    return "\n".join(f"{fact.name + ':':<{width}} {fact.value}" for fact in facts)


def _where(report: Report) -> str:
    places = [("See each step:", report["links"]["execution"])]
    if "object" in report["links"]:
        places.append(("See the photo:", report["links"]["object"]))
    if "rerun" in report:
        places.append(("Run it again:", report["rerun"]))
    # A command that was cut would not work any more; `imagelabels_shared.report.links` escapes what anybody can choose.
    return "\n".join(f"{what}\n{INDENT}{visible(where)}" for what, where in places)
