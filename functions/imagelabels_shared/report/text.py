"""The report as plain text: for the photo's owner, and below a rule for who operates the stack."""

from imagelabels_shared.models import Changes, Label, Outcome, Report
from imagelabels_shared.report.doctor import is_test
from imagelabels_shared.report.links import reprocess_command
from imagelabels_shared.report.photo import Fact, fact, photo_facts, place_facts
from imagelabels_shared.report.words import percent, shown
from imagelabels_shared.text import one_line, visible

INDENT = "  "
OTHERWISE = "Or with the AWS CLI"
RULE = "-" * 40
HEADLINES: dict[Outcome, str] = {
    "LABELLED": "Found in this photo:",
    "REJECTED": "This photo was rejected.",
    "FAILED": "Labelling this photo failed, and not because of the photo.",
}
NOTHING = "Nothing was recognised in this photo with enough confidence."
TESTED = "`imagelabels doctor` sent a test photo through the workflow, and it arrived."
# What the reader does next.
AFTER_NOTHING = "You need not do anything. The photo is stored. A search by label will not find it."
AFTER_TEST = "You need not do anything. The test photo is deleted again."
AFTER_REJECTION = "Upload a corrected file. It may have the same name."
AFTER_FAILURE = "Remove the cause, then run it again with the command below. You need not upload the photo again."


def text(report: Report, *, technical: bool) -> str:
    """Return the mail's body: what was found or why not, what to do, the photo.

    With `technical` the bucket, the execution and the command that runs it again follow below a rule.
    """
    parts = [*_headline(report), todo(report), aligned(photo_facts(report["image"])), _see(report)]
    if technical:
        parts += [RULE, aligned(place_facts(report["image"])), _technical(report)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _headline(report: Report) -> list[str]:
    if is_test(report):
        return [TESTED]
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
    if is_test(report):
        return AFTER_TEST
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


def again(report: Report) -> list[str]:
    """Return the commands that run the photo again: that of `imagelabels`, if its key can be typed, and that of AWS."""
    if "rerun" not in report or is_test(report):
        return []
    return [*filter(None, [reprocess_command(report["image"]["key"])]), report["rerun"]]


def again_lines(heading: str, report: Report) -> list[str]:
    """Return the lines of these commands under a heading; none when the photo cannot be run again."""
    headings = [heading, OTHERWISE]
    return [_link(words, command) for words, command in zip(headings, again(report), strict=False)]


def _see(report: Report) -> str:
    link = "" if is_test(report) else report["links"].get("object", "")
    return _link("See the photo", link) if link else ""


def _technical(report: Report) -> str:
    lines = [_link("See each step", report["links"]["execution"])]
    return "\n".join([*lines, *again_lines("Run it again", report)])


def _link(what: str, link: str) -> str:
    # A shortened command would not work, so `one_line` is not used; `report.links` quotes untrusted parts.
    return f"{what}:\n{INDENT}{visible(link)}"
