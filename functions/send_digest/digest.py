"""A digest: the number of photos by outcome, then one line per photo, failures first."""

from collections.abc import Iterator
from typing import NamedTuple

from imagelabels_shared.models import Report
from imagelabels_shared.report.doctor import TEST, is_test
from imagelabels_shared.report.links import list_link, photos_link
from imagelabels_shared.report.subject import MAX_CHARACTERS, MAX_LABELS
from imagelabels_shared.report.text import INDENT, RULE, again_lines
from imagelabels_shared.report.words import counted, percent
from imagelabels_shared.text import one_line, visible
from send_digest.groups import Group, groups

# SNS takes 262,144 bytes with the attributes (Publish API).
MAX_BYTES = 250_000
NAME_CHARACTERS, REASON_CHARACTERS = 70, 200
ITEM = "  - "


class Digest(NamedTuple):
    """One mail about several photos."""

    subject: str
    text: str
    reports: list[Report]


def digests(reports: list[Report], *, technical: bool) -> list[Digest]:
    """Return one digest, or several when the lines do not fit into one mail of MAX_BYTES.

    With `technical` links and a command for who operates the stack follow below a rule.
    """
    found = groups(reports)
    parts = list(_parts(found))
    head, foot = _counts(found), _technical(found[0].reports[0]) if technical else _see(reports)
    return [
        Digest(_subject(found, _which(number, len(parts))), f"{head}\n\n{_body(part)}\n{foot}", _photos(part))
        for number, part in enumerate(parts, 1)
    ]


def line(report: Report) -> str:
    """Return one line: the photo's name, and its labels or its error."""
    name = one_line(report["image"].get("key", report["execution"]), NAME_CHARACTERS)
    return f"{name}: {result}" if (result := _result(report)) else name


def _result(report: Report) -> str:
    if is_test(report):
        return TEST
    error = report.get("error")
    if report["outcome"] == "LABELLED" or error is None:
        some = (f"{counted(label)} ({percent(label['confidence'])})" for label in report["labels"][:MAX_LABELS])
        return one_line(", ".join(some), REASON_CHARACTERS)
    what = f"{error['state']}: {error['name']}: " if "state" in error else ""
    return one_line(what + error["cause"], REASON_CHARACTERS)


def _parts(found: list[Group]) -> Iterator[list[Group]]:
    """Yield the groups of each mail; a group may continue in the next mail."""
    part, room = list[Group](), MAX_BYTES
    for group in found:
        for report in group.reports:
            cost = len(f"{ITEM}{line(report)}\n".encode())
            if cost > room:
                yield part
                part, room = [], MAX_BYTES
            if not part or part[-1].heading != group.heading:
                part.append(Group(group.heading, group.short, []))
            part[-1].reports.append(report)
            room -= cost
    yield part


def _counts(found: list[Group]) -> str:
    total = sum(len(group.reports) for group in found)
    rows = [f"{len(group.reports):>7,}  {group.short}" for group in found]
    return "\n".join([f"{total:,} photos:", *rows])


def _subject(found: list[Group], which: str) -> str:
    total = sum(len(group.reports) for group in found)
    return f"{total:,} photos{which}: {counts(found)}"[:MAX_CHARACTERS]


def counts(found: list[Group]) -> str:
    """Return the number of photos of each group, on one line."""
    return ", ".join(f"{len(group.reports):,} {group.short}" for group in found)


def _which(number: int, total: int) -> str:
    return f" ({number} of {total})" if total > 1 else ""


def _body(part: list[Group]) -> str:
    return "\n\n".join(
        "\n".join([f"{group.heading}:", *(ITEM + line(report) for report in group.reports)]) for group in part
    )


def _photos(part: list[Group]) -> list[Report]:
    return [report for group in part for report in group.reports]


def seen_at(reports: list[Report]) -> str:
    """Return the page of all photos, in the console that the reports link to; "" when no report names its bucket."""
    return next(
        (
            photos_link(report["links"]["execution"], report["execution"], report["image"]["bucket"])
            for report in reports
            if "bucket" in report["image"]
        ),
        "",
    )


def _see(reports: list[Report]) -> str:
    link = seen_at(reports)
    return f"\nSee the photos:\n{INDENT}{visible(link)}\n" if link else ""


def _technical(report: Report) -> str:
    link = list_link(report["links"]["execution"], report["execution"])
    lines = ["", RULE, "", "See each execution:", f"{INDENT}{link}"]
    name = one_line(report["image"].get("key", ""), NAME_CHARACTERS)
    return "\n".join([*lines, *again_lines(f"Run one again, here {name}", report), ""])
