"""The report as plain text."""

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
    """Return the mail's body: labels or error, the photo, links."""
    parts = [*_headline(report), _aligned(photo_facts(report["image"])), _links(report)]
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
        [HEADLINES["LABELLED"], *(f"{percent(label['confidence']):>7}  {one_line(shown(label))}" for label in labels)]
    )


def changed(changes: Changes | None) -> str:
    """Return a sentence about the changes since the photo's last run; an empty text when this is its first."""
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


def _links(report: Report) -> str:
    links = [("See each step:", report["links"]["execution"])]
    if "object" in report["links"]:
        links.append(("See the photo:", report["links"]["object"]))
    if "rerun" in report:
        links.append(("Run it again:", report["rerun"]))
    # A shortened command would not work, so `one_line` is not used; `report.links` quotes untrusted parts.
    return "\n".join(f"{what}\n{INDENT}{visible(link)}" for what, link in links)
