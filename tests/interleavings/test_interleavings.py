"""Uploads, duplicates, deletes and restarts of one photo, interleaved at every AWS call: the newest version wins."""

import io
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from imagelabels_shared.aws import client
from imagelabels_shared.table import labels
from persist_labels import handler as persist_labels
from remove_labels import handler as remove_labels
from remove_labels.relabel import relabel as restart
from tests.interleavings.process import stop_before_call
from tests.interleavings.scenario import Scenario, answering, counter, labels_of
from tests.moto_aws import mocked
from tests.resources import IMAGES, LABELS, create, environment, forget_clients

SHORT, LONG = 12, 200
MOST_CHANGES = 3
WRONG = "the table shows something older, or a mixture"
CHANGES = ["upload", "upload", "upload", "duplicate", "restart", "delete", "delete_newest_version"]
ANY = st.integers(0, 5)
QUICK = settings(
    max_examples=SHORT,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
CURRENT: list[Scenario] = []


class Interleavings(RuleBasedStateMachine):
    """Everything that can happen to one photo, in any order, one AWS call at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.scenario = Scenario(f"photo-{next(counter)}.png")
        CURRENT[:] = [self.scenario]
        self.changes = 0

    def _may_change(self) -> bool:
        return self.changes < MOST_CHANGES

    @initialize()
    def first_upload(self) -> None:
        self.scenario.upload()
        self.scenario.deliver(0)

    @precondition(_may_change)
    @rule(change=st.sampled_from(CHANGES), number=ANY)
    def change(self, change: str, number: int) -> None:
        self.changes += 1
        if change == "duplicate":
            self.scenario.duplicate(number)
        else:
            getattr(self.scenario, change)()

    @precondition(lambda self: self.scenario.deliveries)
    @rule(number=ANY)
    def deliver(self, number: int) -> None:
        self.scenario.deliver(number)

    @precondition(lambda self: self.scenario.processes)
    @rule(number=ANY, calls=st.integers(1, 9))
    def go_on(self, number: int, calls: int) -> None:
        for _call in range(calls):
            if self.scenario.processes:
                self.scenario.go_on(number)

    @precondition(lambda self: self.scenario.processes)
    @rule(number=ANY)
    def go_on_to_the_write(self, number: int) -> None:
        """Continue to where everything is read and nothing is written: every race is decided here."""
        self.scenario.go_on(number, until="TransactWriteItems")

    @precondition(lambda self: self._may_change() and self.scenario.processes)
    @rule(number=ANY)
    def be_overtaken(self, number: int) -> None:
        """Stop a process before its write, and label another upload from beginning to end."""
        self.go_on_to_the_write(number)
        self.changes += 1
        self.scenario.upload()
        self.scenario.deliver(-1)
        self.scenario.go_on(-1, until="its end")

    @precondition(lambda self: self._may_change() and not self.scenario.deliveries)
    @rule()
    def be_brought_back(self) -> None:
        """Label a newer version after all others, then delete it: an older one is the photo again, without an event."""
        self.changes += 2
        while self.scenario.processes:
            self.scenario.go_on(-1)
        self.scenario.upload()
        self.scenario.deliver(-1)
        self.scenario.go_on(-1, until="its end")
        self.scenario.delete_newest_version()
        self.scenario.deliver(-1)

    @precondition(lambda self: not (self._may_change() or self.scenario.deliveries or self.scenario.processes))
    @rule()
    def rest(self) -> None:
        """Do nothing: all changes, deliveries and processes are done."""

    @invariant()
    def the_table_never_shows_a_mixture(self) -> None:
        version, labels = shown(self.scenario.key)
        assert labels == (labels_of(version) if version else []), WRONG

    def teardown(self) -> None:
        """Finish all processes, the newest first; then the table shows the newest version, or nothing."""
        while self.scenario.deliveries or self.scenario.processes:
            while self.scenario.deliveries:
                self.scenario.deliver(0)
            self.scenario.go_on(-1)
        version, labels = shown(self.scenario.key)
        assert version == newest(self.scenario.key), WRONG
        assert labels == (labels_of(version) if version else []), WRONG
        assert set(self.scenario.outcomes.values()) <= {"LABELLED", "SUPERSEDED", "DUPLICATE", "REJECTED"}
        self._reports_are_single()

    def _reports_are_single(self) -> None:
        """At most one of the executions that an event started has reported."""
        reported = [arn.rsplit(":", 1)[1] for arn, outcome in self.scenario.outcomes.items() if outcome == "LABELLED"]
        events = [name.split("_")[0] for name in reported if "_" in name]
        assert len(events) == len(set(events))


def shown(key: str) -> tuple[str | None, list[str]]:
    """Return the version that the table shows, and its labels."""
    items = client("dynamodb").query(
        TableName=LABELS,
        KeyConditionExpression="image_id = :image",
        ExpressionAttributeValues={":image": {"S": f"{IMAGES}/{key}"}},
    )["Items"]
    images = [item["version"]["S"] for item in items if item["record"]["S"] == "IMAGE"]
    return next(iter(images), None), sorted(item["label"]["S"] for item in items if "label" in item)


def newest(key: str) -> str | None:
    try:
        return str(client("s3").head_object(Bucket=IMAGES, Key=key)["VersionId"])
    except ClientError:
        return None


@pytest.fixture
def _services(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with mocked():
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", boto3.Session(region_name="us-east-1"))
        for name, value in environment(create()).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "interleavings")
        forget_clients()
        events = boto3.DEFAULT_SESSION.events  # type: ignore[union-attr]  # it was set above
        events.register("before-call", stop_before_call)
        events.register("before-call", answering(lambda: CURRENT[0]))
        yield
        forget_clients()


@pytest.mark.usefixtures("_services")
def test_any_interleaving_ends_with_the_newest_version_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions that are the photo again are among them."""
    restarted: list[str | None] = []

    def relabel(*arguments: Any) -> str | None:
        restarted.append(restart(*arguments))
        return restarted[-1]

    monkeypatch.setattr(remove_labels, "relabel", relabel)
    run_state_machine_as_test(Interleavings, settings=QUICK)
    assert len([execution for execution in restarted if execution]) >= 3


@pytest.mark.soak
@pytest.mark.usefixtures("_services")
def test_two_hundred_random_interleavings() -> None:
    with redirect_stdout(io.StringIO()):  # of the functions' metrics, for thousands of runs
        run_state_machine_as_test(Interleavings, settings=settings(QUICK, max_examples=LONG, derandomize=False))
    print(f"{LONG} interleavings end with the newest version, or nothing")


@pytest.mark.usefixtures("_services")
@pytest.mark.soak
def test_without_asking_for_the_newest_version_something_older_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persist_labels, "require_newest", lambda _image: None)
    with pytest.raises(AssertionError, match=WRONG):
        run_state_machine_as_test(Interleavings, settings=QUICK)


@pytest.mark.usefixtures("_services")
def test_without_labelling_an_older_version_again_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remove_labels, "relabel", lambda _event, _version: None)
    with pytest.raises(AssertionError, match=WRONG):
        run_state_machine_as_test(Interleavings, settings=QUICK)


@pytest.mark.usefixtures("_services")
@pytest.mark.soak
def test_without_the_condition_on_the_image_item_something_older_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    always = {"ConditionExpression": "attribute_exists(image_id) OR attribute_not_exists(image_id)"}
    monkeypatch.setattr(labels, "_unchanged", lambda _seen: always)
    with pytest.raises(AssertionError, match=WRONG):
        run_state_machine_as_test(Interleavings, settings=QUICK)
