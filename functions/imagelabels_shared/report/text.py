"""The report as plain text: for the photo's owner, and below a rule for who operates the stack."""

from imagelabels_shared.models import Changes, Label, Outcome, Report
from imagelabels_shared.report.photo import Fact, fact, photo_facts, place_facts
from imagelabels_shared.report.words import percent, shown
from imagelabels_shared.text import one_line, visible

INDENT = "  "
RULE = "-" * 40
HEADLINES: dict[Outcome, str] = {
    "LABELLED": "Found in this photo:",
    "REJECTED": "This photo was not labelled.",
    "FAILED": "Labelling this photo failed, and not because of the photo.",
}
NOTHING = "Nothing was recognised in this photo with enough confidence."
# What the reader does next.
AFTER_NOTHING = "You need not do anything: the photo is stored, and only a search by label does not find it."
AFTER_REJECTION = "The photo that you upload next is labelled at once, under the same name or another one."
AFTER_FAILURE = "Remove the cause, then run it again with the command below: the photo need not be uploaded again."


def text(report: Report, *, technical: bool) -> str:
    """Return the mail's body: what was found or why not, what to do, the photo.

    With `technical` the bucket, the execution and the command that runs it again follow below a rule.
    """
    parts = [*_headline(report), todo(report), aligned(photo_facts(report["image"])), _see(report)]
    if technical:
        parts += [RULE, aligned(place_facts(report["image"])), _technical(report)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _headline(report: Report) -> list[str]:
    error = report.get("error")
    if report["outcome"] == "REJECTED" and error:
        return [f"{HEADLINES['REJECTED']}\n{aligned([fact('Reason', error['cause'])])}"]
    if report["outcome"] == "FAILED" and error:
        facts = [fact("State", error.get("state", "")), fact("Error", error["name"]), fact("Cause", error["cause"])]
        return [HEADLINES["FAILED"], aligned(facts)]
    return [_found(report["labels"]), changed(report.get("changes"))]


def _found(labels: list[Label]) -> str:
    if not labels:
        return NOTHING
    return "\n".join(
        [HEADLINES["LABELLED"], *(f"{percent(label['confidence']):>7}  {one_line(shown(label))}" for label in labels)]
    )


def todo(report: Report) -> str:
    """Return what the reader does next; an empty text when the labels say all."""
    if report["outcome"] == "REJECTED":
        return AFTER_REJECTION
    if report["outcome"] == "FAILED":
        return AFTER_FAILURE if "rerun" in report else ""
    return "" if report["labels"] else AFTER_NOTHING


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


def aligned(facts: list[Fact]) -> str:
    """Return a line for each fact, the values below each other."""
    width = max((len(fact.name) for fact in facts), default=0) + 1
    return "\n".join(f"{fact.name + ':':<{width}} {fact.value}" for fact in facts)


def _see(report: Report) -> str:
    return _link("See the photo", report["links"]["object"]) if "object" in report["links"] else ""


def _technical(report: Report) -> str:
    lines = [_link("See each step", report["links"]["execution"])]
    if "rerun" in report:
        lines.append(_link("Run it again", report["rerun"]))
    return "\n".join(lines)


def _link(what: str, link: str) -> str:
    # A shortened command would not work, so `one_line` is not used; `report.links` quotes untrusted parts.
    return f"{what}:\n{INDENT}{visible(link)}"
