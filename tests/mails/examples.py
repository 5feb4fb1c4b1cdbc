"""Reports as people get them: each is kept in docs/mails/ as text and as HTML."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from imagelabels_shared.errors import ImageTooSmallError, UnsupportedFormatError
from imagelabels_shared.images.limits import check_sides
from imagelabels_shared.models import Label, Report
from publish_report.document import document
from publish_report.facts import gather
from send_digest.mails import Mail, mails
from send_digest.queued_reports import Message
from validate_image.content import recognize

MACHINE = "arn:aws:states:eu-central-1:123456789012:execution:label-image:"
BUCKET = "imagelabels-images"
# 1,024 bytes, the longest that S3 takes: a script, line breaks, a right-to-left override.
HOSTILE_KEY = "<script>alert('x')</script>\r\nBcc: everybody@example.com\n\u202egpj.exe " + "k" * 951 + "é.jpg"
# What anybody may put into a key, an error, a cause or a label; LURE must never get a line of its own.
LURE = "sign in: https://evil.example"
HOSTILE = {
    "line break": f"x\n{LURE}",
    "mail header": f"x\r\n{LURE}\r\nBcc: everybody@example.com",
    "line and paragraph separator": f"x\u2028{LURE}\u2029{LURE}",
    "next line, tabs, form feed": f"x\x85{LURE}\v{LURE}\f{LURE}\t{LURE}",
    "escape sequence": f"x\x1b[2J\x1b]0;owned\x07\x1b[1A{LURE}",
    "escape sequence of one character": f"x\x9b2J\x9d0;owned\x9c{LURE}",
    "delete, bell, null": "x\x7f\x07\x00\x08",
    "direction": "\u202egpj.exe\u202c \u2066x\u2069 \u061c\u200f",
    "zero width": "ad\u200bmin\u2060\ufeff\u00ad\u200d\U000e0041\u3164",
    "spaces": f"x\u00a0\u2003\u3000{LURE}",
    "lone surrogates": "x\ud800y\udfff",
    "markup": "[red]markup[/] [link=https://evil.example]here[/link] [/]\\[",
    "HTML": "<script>alert('x')</script><img src=https://evil.example>&amp;\"'><a href='javascript:x'>",
    "shell": '\'; $(id) `id` "!!" \\',
    "JSON": "[" * 1000,
    "longest key": HOSTILE_KEY,
}
MANY = [("Person", 2, []), ("Face", 2, ["Head", "Person"]), ("Flag", 1, [])]
PORTRAIT = ["Astronaut", "Head", "Adult", "Smile", "Happy", "Portrait", "Photography", "Clothing", "Collar", "Glove"]
SCENE = ["Outdoors", "Nature", "Sea", "Beach", "Coast", "Shoreline", "Water", "Sky", "Summer", "Sand", "Horizon", "Sun"]


def report(name: str, outcome: str = "LABELLED", key: str = "holiday/beach 0042.jpg", **state: Any) -> Report:
    """Return what PublishReport publishes."""
    typed = {"bucket": BUCKET, "key": key}
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("IMAGES_BUCKET", BUCKET)
        return document(gather({"execution": MACHINE + name, "outcome": outcome, "input": typed, "state": state}))


def image(key: str = "holiday/beach 0042.jpg", **fields: Any) -> dict[str, Any]:
    pinned = {"bucket": BUCKET, "key": key, "versionId": "3sL4kqtJlcpXroDTDmJ", "etag": "b1946ac9", "size": 2_500_000}
    return pinned | {"format": "JPEG", "width": 4032, "height": 3024} | fields


def label(name: str, confidence: float, instances: int = 1, parents: list[str] | None = None) -> Label:
    return Label(name=name, confidence=confidence, parents=parents or [], categories=[], instances=instances)


def detection(*labels: Label) -> dict[str, Any]:
    return {"labels": list(labels), "answer": {"bucket": "imagelabels-work", "key": "detections/digest/version.json"}}


def one_label() -> list[Report]:
    first: dict[str, Any] = {"lastRun": None, "added": [], "removed": []}
    return [report("one", image=image(), detection=detection(label("Person", 98.7, 1)), persisted=first)]


def many_labels() -> list[Report]:
    sure = [label(name, 99.9 - number, count, above) for number, (name, count, above) in enumerate(MANY)]
    others = [label(name, 96.0 - 2 * number, 0) for number, name in enumerate(PORTRAIT)]
    changes = {"lastRun": "2026-11-20T08:00:00.000Z", "added": ["Face", "Flag"], "removed": ["Cat"]}
    copy = {"width": 4000, "height": 3000, "did": ["decoded HEIC", "turned upright"]}
    photo = image("crew/twins 0043.heic", format="HEIC", normalized=copy)
    return [report("many", image=photo, detection=detection(*sure, *others), persisted=changes)]


def no_labels() -> list[Report]:
    return [report("none", image=image("fog.jpg"), detection=detection())]


def unicode_key() -> list[Report]:
    key = "família/日本 📷/ünïcødé عربي.jpg"
    return [report("unicode", image=image(key), detection=detection(label("Café", 91.2, 0), label("Person", 88.0)))]


def hostile_key() -> list[Report]:
    return [report("hostile", image=image(HOSTILE_KEY), detection=detection(label("Person", 98.7)))]


def rejection() -> list[Report]:
    text = cause(recognize, b"Dear diary, today I took no photo.")
    return [report("rejected", "REJECTED", "notes.jpg", failure={"Error": "UnsupportedFormatError", "Cause": text})]


def failure() -> list[Report]:
    denied = (
        '{"errorMessage": "The function\'s role has no permission for rekognition:DetectLabels on *. AWS said: '
        "An error occurred (AccessDeniedException) when calling the DetectLabels operation: not authorized"
        '", "errorType": "X"}'
    )
    return [report("failed", "FAILED", image=image(), failure={"Error": "AccessDeniedError", "Cause": denied})]


def digest_of_300() -> list[Report]:
    return [_synced(number) for number in range(300)]


def _synced(number: int) -> Report:
    name, key = f"synced-{number:04}", f"phone/IMG_{number:04}.jpg"
    if number % 97 == 13:
        small = cause(check_sides, 64, 48)
        return report(name, "REJECTED", key, failure={"Error": "ImageTooSmallError", "Cause": small})
    if number % 71 == 5:
        return report(name, image=image(key), detection=detection())
    found = [label("Person", 99.4, 1 + number % 4), label(SCENE[number % len(SCENE)], 90.0 - number % 9, 0)]
    return report(name, image=image(key), detection=detection(*found))


EXAMPLES: dict[str, Callable[[], list[Report]]] = {
    "one-label": one_label,
    "many-labels": many_labels,
    "no-labels": no_labels,
    "unicode-key": unicode_key,
    "hostile-key": hostile_key,
    "rejection": rejection,
    "failure": failure,
    "digest-of-300": digest_of_300,
}


def cause(check: Callable[..., Any], *given: Any) -> str:
    """Return the cause as Lambda writes it when a check of ValidateImage rejects a photo."""
    with pytest.raises((ImageTooSmallError, UnsupportedFormatError)) as raised:
        check(*given)
    return json.dumps({"errorMessage": str(raised.value), "errorType": raised.type.__name__})


def mail(name: str) -> Mail:
    """Return the one mail that an example becomes."""
    messages = [Message(report, [report["execution"]], again=False) for report in EXAMPLES[name]()]
    (only,) = mails(messages, technical=False)
    return only
