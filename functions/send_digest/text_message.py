"""The text for a phone about the photos of a batch: one segment of SMS, so that each costs one."""

from imagelabels_shared.models import Report
from imagelabels_shared.report.doctor import TEST, is_test
from imagelabels_shared.report.subject import summary
from imagelabels_shared.text import one_line
from send_digest.digest import counts
from send_digest.groups import groups

# An SMS has 140 bytes: 160 characters of GSM 7-bit, or 70 of UCS-2 when it has any other; a longer text is sent, and
# paid, as several (docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html). SNS counts 140 of ASCII.
MOST_GSM, MOST_UCS2 = 140, 70
# GSM 03.38 (3GPP TS 23.038): the alphabet, and the characters that take two places.
GSM = frozenset(
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_OF_TWO = frozenset("^{}\\[~]|€")
# Characters of our own words and of `one_line` that GSM lacks; one of them would halve the text.
AS_GSM = str.maketrans({"×": "x", "…": "...", "·": "."})
CUT = "..."
NAME_CHARACTERS = 50


def text_message(reports: list[Report]) -> str:
    """Return the name and the first labels, or why not and what to do; of several photos their number comes first."""
    found = groups(reports)
    first = found[0].reports[0]
    head = f"{len(reports):,} photos: {counts(found)}. " if len(reports) > 1 else ""
    return one_segment(f"{head}Photo {_said(first)}".translate(AS_GSM))


def one_segment(text: str) -> str:
    """Return the text as it is when it fits into one segment, otherwise its beginning."""
    if length(text) <= _most(text):
        return text
    kept = text
    while length(kept + CUT) > _most(kept):
        kept = kept[:-1]
    return kept.rstrip() + CUT


def length(text: str) -> int:
    """Return how many places a text takes: of GSM, or of UCS-2, in which an emoji takes two."""
    if is_gsm(text):
        return sum(2 if character in GSM_OF_TWO else 1 for character in text)
    return len(text.encode("utf-16-le")) // 2


def is_gsm(text: str) -> bool:
    return set(text) <= GSM | GSM_OF_TWO


def _most(text: str) -> int:
    return MOST_GSM if is_gsm(text) else MOST_UCS2


def _said(report: Report) -> str:
    key = report["image"].get("key", report["execution"])
    name, error = one_line(key.rsplit("/", 1)[-1] or key, NAME_CHARACTERS), report.get("error")
    if is_test(report):
        return f"{name}: {TEST}".replace("`", "")
    if report["outcome"] == "LABELLED" or error is None:
        return f"{name}: {summary(report)}"
    return f"{name} rejected: {one_line(error['cause'])}"
