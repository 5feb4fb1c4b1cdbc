"""A mail as HTML: the same words as its text, with the photo attached; it loads nothing from other servers."""

import functools
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from imagelabels_shared.models import Report
from imagelabels_shared.report.doctor import is_test
from imagelabels_shared.report.links import list_link
from imagelabels_shared.report.photo import photo_facts, place_facts
from imagelabels_shared.report.text import HEADLINES, NOTHING, OTHERWISE, TESTED, again, changed, todo
from imagelabels_shared.report.words import counted, percent, related
from imagelabels_shared.text import one_line, visible
from send_digest.digest import line, seen_at
from send_digest.groups import groups
from send_digest.mails import Mail

PICTURE_ID = "photo"


def page(mail: Mail, *, pictured: bool, stop: str) -> str:
    """Return the HTML; with `pictured` it shows the attachment whose Content-ID is PICTURE_ID.

    `stop` is the address at which a reader changes or stops the mails.
    """
    if len(mail.reports) > 1:
        return _render(
            "digest.html",
            subject=mail.subject,
            groups=groups(mail.reports),
            technical=mail.technical,
            stop=stop,
            machine=list_link(mail.reports[0]["links"]["execution"], mail.reports[0]["execution"]),
            again=again(mail.reports[0]),
            otherwise=OTHERWISE,
            seen_at=seen_at(mail.reports),
            first=mail.reports[0]["image"].get("key"),
        )
    return _single(mail, mail.reports[0], pictured=pictured, stop=stop)


def _single(mail: Mail, report: Report, *, pictured: bool, stop: str) -> str:
    return _render(
        "report.html",
        subject=mail.subject,
        headline=_headline(report),
        report={"error": None, **report, "links": {"object": None, **report["links"]}},
        test=is_test(report),
        again=again(report),
        otherwise=OTHERWISE,
        picture=PICTURE_ID if pictured else None,
        alternative=alternative(report),
        changed=changed(report.get("changes")),
        todo=todo(report),
        facts=photo_facts(report["image"]),
        technical=mail.technical,
        places=place_facts(report["image"]),
        stop=stop,
    )


def alternative(report: Report) -> str:
    """Return the alternative text of the picture: the photo's key and its labels."""
    names = one_line(", ".join(counted(label) for label in report["labels"])) or "nothing recognised"
    return f"The photo {one_line(report['image']['key'])}: {names}" if report["image"] else names


def _shown(value: object) -> object:
    """Make a value of a template safe. Jinja calls this for every value (`finalize`), before it escapes HTML."""
    return visible(value) if type(value) is str else value


def _headline(report: Report) -> str:
    if is_test(report):
        return TESTED
    if report["outcome"] == "LABELLED":
        return HEADLINES["LABELLED"].removesuffix(":") if report["labels"] else NOTHING
    return HEADLINES[report["outcome"]]


def _render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(values)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        finalize=_shown,
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "counted": counted,
        "line": line,
        "one_line": one_line,
        "percent": percent,
        "related": related,
    }
    return environment
