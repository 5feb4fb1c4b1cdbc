"""A function's environment variables: written by the stack and read by the function from one model."""

from dataclasses import dataclass

import pytest

from detect_labels.environment import DetectLabelsEnvironment
from imagelabels_shared.environment import Environment
from send_digest.environment import SesSender, SnsEnvironment

WRITTEN = DetectLabelsEnvironment(
    backfill_share=0.8,
    claims_table_name="claims",
    label_confidence='{"Dog": 60}',
    max_labels=5,
    min_confidence=72.5,
    rekognition_per_second=50,
    work_bucket="work",
)


@dataclass(frozen=True, kw_only=True)
class Two(Environment):
    first_name: str
    second_number: int


def write(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.as_variables().items():
        monkeypatch.setenv(name, value)


def test_the_variables_have_the_names_of_the_fields_in_capitals() -> None:
    assert WRITTEN.as_variables() == {
        "BACKFILL_SHARE": "0.8",
        "CLAIMS_TABLE_NAME": "claims",
        "LABEL_CONFIDENCE": '{"Dog": 60}',
        "LABEL_FILTERS": "{}",
        "MAX_LABELS": "5",
        "MIN_CONFIDENCE": "72.5",
        "REKOGNITION_PER_SECOND": "50",
        "WORK_BUCKET": "work",
    }


def test_what_is_written_is_read_with_its_types(monkeypatch: pytest.MonkeyPatch) -> None:
    write(WRITTEN, monkeypatch)
    assert DetectLabelsEnvironment.from_environ() == WRITTEN


def test_every_missing_variable_is_named_in_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_NAME", "")
    with pytest.raises(RuntimeError, match=r"^FIRST_NAME is not set and SECOND_NUMBER is not set: the stack sets"):
        Two.from_environ()


def test_a_number_that_is_not_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_NAME", "name")
    monkeypatch.setenv("SECOND_NUMBER", "many")
    with pytest.raises(RuntimeError, match="SECOND_NUMBER must be a number, not 'many'"):
        Two.from_environ()


def test_a_function_finds_out_which_of_two_models_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    write(SnsEnvironment(mail_topic_arn="arn", technical_details="operators"), monkeypatch)
    assert SnsEnvironment.is_set()
    assert not SesSender.is_set()
