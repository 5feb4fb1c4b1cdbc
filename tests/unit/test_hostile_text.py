"""Whatever anybody can choose (key, bucket, error, cause, label, name) reaches a person on one line, and as text."""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage

import boto3
import html5lib
import pytest
from botocore.exceptions import ClientError
from PIL import Image
from rich.console import Console

from imagelabels.cli import _fail
from imagelabels.commands.dead_letters import _line as dead_letter_line
from imagelabels.commands.labels import _print as print_counts
from imagelabels.commands.reconcile import _line as disagreement_line
from imagelabels.commands.reprocess import _list as print_reruns
from imagelabels.commands.search import _print as print_hits
from imagelabels.commands.search import _table as hits_table
from imagelabels.commands.show import _print as print_photo
from imagelabels.commands.trail import _row as run_row
from imagelabels.commands.trail import _table as runs_table
from imagelabels.commands.watch import _print_document, _say_line
from imagelabels.operations.audit_trail import ArchivedRun
from imagelabels.operations.dead_letters import DeadLetter
from imagelabels.operations.reconciliation import Disagreement
from imagelabels.reprocess.selection import Rerun
from imagelabels.search.evaluation import Hit
from imagelabels.search.label_index import LabelIndex, Reading
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import Execution
from imagelabels.terminal import aws_errors, console, tables
from imagelabels_shared.images import drawing
from imagelabels_shared.images.boxes import LabelledBox
from imagelabels_shared.models import Report
from imagelabels_shared.observability import logger
from imagelabels_shared.report.subject import title
from imagelabels_shared.report.text import text
from imagelabels_shared.text import MOST_CHARACTERS, one_line
from send_digest.digest import digests
from send_digest.mails import Mail
from send_digest.page import _environment, page
from tests.mails.examples import HOSTILE, LURE, MACHINE, detection, image, label, report
from tests.mails.golden import STOP

ENDLESS = "k" * 240_000
NOW = datetime(2026, 11, 22, tzinfo=UTC)
HARMFUL = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# A command to run the longest key again, all of it escaped, and the HTML around it.
MOST_IN_A_LINE = 12_000
MOST_LINES = 250


def reports(hostile: str) -> list[Report]:
    """Return a report of each outcome that has the text wherever a report has any; S3 has no endless keys."""
    photo = image(hostile[:1024], bucket=hostile[:1024], versionId=hostile[:1024])
    found = detection(label(hostile, 98.0, 2, [hostile]))
    changes = {"lastRun": "2026-11-20T08:00:00Z", "added": [hostile], "removed": [hostile]}
    plain = {"Error": hostile, "Cause": hostile}
    wrapped = {"Error": hostile, "Cause": json.dumps({"errorMessage": hostile, "stackTrace": [hostile]})}
    return [
        report("labelled", image=photo, detection=found, persisted=changes),
        report("rejected", "REJECTED", image=photo, failure=plain),
        report("wrapped", "REJECTED", image=photo, failure=wrapped),
        report("failed", "FAILED", image=photo, failure=plain),
    ]


def execution(hostile: str, outcome: str = "FAILED") -> Execution:
    return Execution(MACHINE + hostile, hostile, hostile, 1, outcome, NOW, NOW, {hostile: 98.0}, hostile)


def mail_text(hostile: str) -> None:
    for one in reports(hostile):
        print(text(one, technical=True))


def subjects(hostile: str) -> None:
    for one in reports(hostile):
        assert len(title(one)) < 100
        print(title(one))


def digest(hostile: str) -> None:
    for one in digests(reports(hostile), technical=True):
        print(one.subject, one.text, sep="\n")


def html(hostile: str) -> None:
    """Each report as a page and all of them as a digest; a strict parser finds nothing in them that is not ours."""
    every = reports(hostile)
    pages = [page(Mail(title(one), "", [one], [], technical=True), pictured=True, stop=STOP) for one in every]
    for one in [*pages, page(Mail("4 photos", "", every, [], technical=True), pictured=False, stop=STOP)]:
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(one)
        links = [element.get("href") for element in tree.iter("a")]
        assert links.pop() == STOP
        assert all(link.startswith("https://eu-central-1.console.aws.amazon.com/") for link in links)
        assert {element.get("src") for element in tree.iter("img")} <= {"cid:photo"}
        assert not list(tree.iter("script"))
        print(one)


def table(hostile: str) -> None:
    view = tables.table([execution(hostile), execution(hostile, "LABELLED"), execution(hostile, "RUNNING")])
    Console(width=100).print(view)


def watch(hostile: str) -> None:
    for outcome in ("FAILED", "LABELLED", "RUNNING"):
        _say_line(execution(hostile, outcome))


def show(hostile: str) -> None:
    record = {"object_key": hostile, "format": hostile, "width": 1, "height": 1, "size": 1, "model_version": hostile}
    record |= {"labelled_at": hostile, "execution": MACHINE + "x"}
    found = {"label": hostile, "confidence": 98.0, "instances": 2, "parents": [hostile]}
    output = {"image": {"normalized": {"did": [hostile]}}, "report": {"messageId": hostile}}
    stack = Stack(boto3.Session(), {"ImagesBucketName": hostile})
    print_photo(stack, record, [found], output)
    print_photo(stack, record, [], output)


def trail(hostile: str) -> None:
    run = ArchivedRun(hostile, hostile, hostile, hostile, MACHINE + hostile, hostile)
    Console(width=100).print(runs_table([run_row(run, execution(hostile))]))


def search(hostile: str) -> None:
    hits = [Hit(f"images/{hostile}", hostile, 98.0, hostile, {hostile: 98.0})]
    print_hits(hits, Reading(), more=False, print0=False, as_json=False)
    Console(width=100).print(hits_table(hits))


def labels(hostile: str) -> None:
    print_counts(Counter({hostile: 1}), LabelIndex(None), as_json=False)


def dead_letters(hostile: str) -> None:
    letter = DeadLetter(hostile, hostile, hostile, hostile, hostile, hostile, hostile, hostile)
    console.say(dead_letter_line(letter, ""))


def reconcile(hostile: str) -> None:
    console.say(disagreement_line(Disagreement(hostile, "hanging", hostile, hostile), fixed=False))


def reprocess(hostile: str) -> None:
    print_reruns([Rerun(f"folder/{hostile}", "", None)], 0.01, "1 photo.", as_json=False)


def uploaded(hostile: str) -> None:
    console.say(f"images/{hostile}")
    console.note(f"{hostile} is left out")


def finding(hostile: str) -> None:
    console.print_view(console.cell("WRONG ", "red") + console.cell(f"test photo: {hostile}"))


def refusal(hostile: str) -> None:
    error = ClientError({"Error": {"Code": "AccessDenied", "Message": hostile}}, "GetObject")
    for said in (f"There is no photo {hostile} in images.", aws_errors.sentence(error)):
        with pytest.raises(SystemExit):
            _fail(said)


def mail_on_the_terminal(hostile: str) -> None:
    message = EmailMessage()
    message["Subject"] = "Dog"
    message.set_payload(hostile.replace("\n", "").encode(errors="replace"))
    tables.mail(Console(width=100), message)


WAYS: list[Callable[[str], None]] = [
    mail_text,
    subjects,
    digest,
    html,
    table,
    watch,
    show,
    trail,
    search,
    labels,
    dead_letters,
    reconcile,
    reprocess,
    uploaded,
    finding,
    refusal,
]


def assert_safe(shown: str) -> None:
    """Nothing that breaks a line or directs a terminal but the format's own line breaks and tabs; lines of a length."""
    assert [one for one in shown if unicodedata.category(one) in HARMFUL and one not in "\n\t"] == []
    lines = shown.split("\n")
    assert [line for line in lines if line.strip().startswith((LURE, "Bcc:"))] == []
    assert max(map(len, lines)) <= MOST_IN_A_LINE
    assert len(lines) <= MOST_LINES


@pytest.mark.parametrize("hostile", [*HOSTILE.values(), ENDLESS], ids=[*HOSTILE, "endless"])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_text_breaks_out_of_its_line(
    way: Callable[[str], None], hostile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    way(hostile)
    shown = capsys.readouterr()
    assert shown.out + shown.err
    assert_safe(shown.out)
    assert_safe(shown.err)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_mail_is_printed_line_by_line(hostile: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Even one that somebody else wrote: only its own line breaks are line breaks."""
    mail_on_the_terminal(hostile)
    assert_safe(capsys.readouterr().out)


@pytest.mark.parametrize("way", [mail_text, digest, html], ids=lambda way: way.__name__)
def test_a_link_in_a_name_stays_on_a_line_that_says_what_it_is(
    way: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Mail programs make links of addresses; the reader sees that this one is a photo's name or an error's cause."""
    way(LURE)
    assert_safe(capsys.readouterr().out)


def test_an_endless_text_does_not_fill_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Three rows of a table: a key and a cause of 240,000 characters each."""
    table(ENDLESS)
    assert len(capsys.readouterr().out.splitlines()) < 60


def test_text_is_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """Rich would colour it, or stop at what closes nothing."""
    hostile = HOSTILE["markup"]
    for way in (watch, search, show, refusal):
        way(hostile)
    shown = capsys.readouterr()
    assert hostile in shown.out
    assert hostile in shown.err


@pytest.mark.parametrize("hostile", [*HOSTILE.values(), ENDLESS], ids=[*HOSTILE, "endless"])
def test_scripts_get_the_exact_text_and_a_terminal_is_still_safe(
    hostile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON keeps every value whole, and escapes whatever would be hidden."""
    console.print_json({hostile: [hostile]})
    _print_document(execution(hostile))
    shown = capsys.readouterr().out
    assert [one for one in shown if unicodedata.category(one) in HARMFUL and one != "\n"] == []
    many, single = shown.rsplit("\n", 2)[:2]
    assert json.loads(many) == {hostile: [hostile]}
    document = json.loads(single)
    assert (document["key"], document["reason"], document["labels"]) == (hostile, hostile, {hostile: 98.0})


def test_json_stays_readable(capsys: pytest.CaptureFixture[str]) -> None:
    console.print_json({"key": "família/日本 📷.jpg"})
    assert capsys.readouterr().out == '{\n  "key": "família/日本 📷.jpg"\n}\n'


def test_keys_for_xargs_are_exact(capsys: pytest.CaptureFixture[str]) -> None:
    hits = [Hit("", key, 98.0, "", {}) for key in ("a\nb", "c")]
    print_hits(hits, Reading(), more=False, print0=True, as_json=False)
    assert capsys.readouterr().out == "a\nb\0c\0"


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_log_line_is_one_line(hostile: str, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON already escapes what could break a line of a log, so logs keep the exact text."""
    logger().warning("Step failed", cause=hostile.encode(errors="replace").decode())
    (line,) = capsys.readouterr().out.rstrip("\n").split("\n")
    assert not any(unicodedata.category(one) == "Cc" and one < " " for one in line)
    assert json.loads(line)["cause"] == hostile.encode(errors="replace").decode()


def test_a_new_place_in_a_page_is_safe_without_anybody_thinking_of_it() -> None:
    shown = _environment().from_string("<p>{{ cause }}</p>\n").render(cause=f"<b>\x1b{LURE}\n")
    assert shown == f"<p>&lt;b&gt;·{LURE}·</p>"


def drawn(name: str) -> bytes:
    picture = Image.new("RGB", (400, 200), "white")
    drawing.draw(picture, [LabelledBox([name], 98.0, (0.1, 0.1, 0.8, 0.8))])
    return picture.tobytes()


def test_a_name_on_a_picture_is_one_line() -> None:
    """A model of one's own may call what it sees anything."""
    assert drawn("x\nsign in") == drawn("x·sign in")
    assert drawn(ENDLESS) == drawn("k" * 29 + "…" + "k" * 30)


@pytest.mark.parametrize(
    ("raw", "most", "shown"),
    [
        ("família/日本 📷❤️ عربي.jpg", 100, "família/日本 📷❤️ عربي.jpg"),
        ("a\r\nb", 100, "a··b"),
        ("a\u3164b\u034fc\U000e0100d", 100, "a·b·c·d"),
        ("0123456789", 10, "0123456789"),
        ("0123456789", 9, "0123…6789"),
        ("0123456789", 8, "012…6789"),
        ("", 8, ""),
    ],
)
def test_a_text_keeps_what_can_be_seen_and_both_ends(raw: str, most: int, shown: str) -> None:
    assert one_line(raw, most) == shown


def test_the_longest_name_that_s3_takes_is_shown_whole() -> None:
    longest = f"{'b' * 63}/{'k' * 1024}"
    assert one_line(longest) == longest
    assert len(one_line(ENDLESS)) == MOST_CHARACTERS
