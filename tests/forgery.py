"""What an identity with `states:StartExecution` alone can invent: execution inputs about a photo, and names."""

from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

# It is in every text that the attacker wants people to read.
MARK = "evil.example"
FIFTY = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
LURES = ("Go to https://", "\nSign in: https://", "\x1b[31mhttps://", "<a href=https://", "\u202e", "", "\r\nBcc: you@")
UNKNOWN_EVENT = "2d7b6c52-7f7e-4a40-9d53-1f2a54a1c9e1"
# How EventBridge names what it starts, a person, and RemoveLabels.
FORMS = st.sampled_from(["{}_{}", "{}", "restored-{}"])
Photo = dict[str, str]


def name(form: str) -> str:
    """Return a name of this form for an execution; none may be used twice."""
    return form.format(uuid4(), uuid4())


def words() -> st.SearchStrategy[str]:
    """Generate text that an attacker wants somebody to read."""
    return st.builds("{}{}{}".format, st.sampled_from(LURES), st.just(MARK), st.text(max_size=60))


def inputs(victim: Photo) -> st.SearchStrategy[Any]:
    """Generate inputs that name no photo that is there, but speak of `victim` in all places.

    `victim` has a bucket, a key, a versionId, and the execution that labelled it.
    """
    about = st.one_of(_typed(victim), _created(victim), _other_events(victim), _half(victim))
    objects = st.builds(lambda lies, base: lies | base, _results(victim), about)
    return st.one_of(objects, objects, objects, st.lists(words(), max_size=3), words(), st.none())


def _typed(victim: Photo) -> st.SearchStrategy[Photo]:
    """What a person would type, of a photo that is not there."""
    ours, key = st.just(victim["bucket"]), st.just(victim["key"])
    return st.one_of(
        st.fixed_dictionaries({"bucket": ours, "key": words()}),
        st.fixed_dictionaries({"bucket": ours, "key": words().map(lambda text: text * 40)}),
        st.fixed_dictionaries({"bucket": ours, "key": key, "versionId": words()}),
        st.fixed_dictionaries({"bucket": words(), "key": key}),
    )


def _created(victim: Photo) -> st.SearchStrategy[Any]:
    objects = st.one_of(
        st.fixed_dictionaries({"key": words()}),
        st.fixed_dictionaries({"key": st.just(victim["key"]), "version-id": words()}),
    )
    ours = st.builds(lambda s3_object: _event("Object Created", victim["bucket"], s3_object), objects)
    return ours | st.builds(lambda bucket: _event("Object Created", bucket, {"key": victim["key"]}), words())


def _other_events(victim: Photo) -> st.SearchStrategy[Any]:
    """Events that no execution is started for, about the photo that is there."""
    gone = {"key": victim["key"], "version-id": victim["versionId"]}
    deleted = _event("Object Deleted", victim["bucket"], gone)
    ended = {"executionArn": victim["execution"], "status": "ABORTED", "startDate": 0, "stopDate": 0}
    status = {"detail-type": "Step Functions Execution Status Change", "detail": ended}
    return st.sampled_from([deleted, deleted | {"time": "not a time"}, {"rejected": deleted}, status])


def _half(victim: Photo) -> st.SearchStrategy[Any]:
    """An event that names no photo, or another one, beside what a person would type."""
    photo = {"bucket": victim["bucket"], "key": victim["key"]}
    detail = st.sampled_from(
        [{}, {"bucket": {"name": victim["bucket"]}, "object": {"key": 7}}, {"bucket": None}, "none"]
    )
    return st.builds(lambda detail: photo | {"detail": detail, "detail-type": "Object Created"}, detail)


def _event(kind: str, bucket: str, s3_object: dict[str, Any]) -> dict[str, Any]:
    detail = {"bucket": {"name": bucket}, "object": s3_object, "reason": "DeleteObject"}
    return {
        "id": UNKNOWN_EVENT,
        "time": "2026-11-22T10:00:00Z",
        "source": "aws.s3",
        "detail-type": kind,
        "detail": detail,
    }


def _results(victim: Photo) -> st.SearchStrategy[dict[str, Any]]:
    """What the workflow's own states would have left in the state."""
    error = st.fixed_dictionaries(
        {"Error": st.one_of(st.just("SupersededError"), words()), "Cause": words()}, optional={"name": words()}
    )
    label = st.fixed_dictionaries({"name": words(), "confidence": st.just(99), "parents": st.just([])})
    image = victim | {"etag": "e", "size": 1, "format": "JPEG", "needsNormalizing": False, "reasons": []}
    report = st.fixed_dictionaries({"image": st.just(image), "labels": st.lists(words(), max_size=2), "error": error})
    return st.fixed_dictionaries(
        {},
        optional={
            "image": st.just(image),
            "detection": st.fixed_dictionaries({"labels": st.lists(label, max_size=2), "modelVersion": words()}),
            "persisted": st.fixed_dictionaries({"lastRun": words(), "added": st.lists(words(), max_size=2)}),
            "report": report,
            "outcome": st.just("LABELLED"),
            **dict.fromkeys(("failure", "reporting", "removing"), error),
        },
    )
