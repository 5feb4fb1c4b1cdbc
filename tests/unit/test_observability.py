"""What an operator can search for: one JSON line per step, and metrics, some by outcome."""

import gc
import json
from typing import Any

import pytest

from imagelabels_shared.errors import ThrottledError
from imagelabels_shared.observability import count, step
from tests.lambda_context import Context
from tests.unit.conftest import IMAGES
from tests.unit.samples import EXECUTION, image


def printed(capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the log lines and the metrics that were printed."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if "_aws" not in line], [line for line in lines if "_aws" in line]


def run(work: Any, event: Any) -> Any:
    return step(work)(event, Context())


@pytest.mark.parametrize(
    ("event", "version"),
    [
        ({"image": image()}, "v1"),
        ({"input": {"bucket": IMAGES, "key": "photos/a.jpg", "versionId": "v1"}}, "v1"),
        ({"input": {"detail": {"bucket": {"name": IMAGES}, "object": {"key": "photos/a.jpg"}}}}, None),
    ],
)
def test_one_line_says_which_execution_did_what_to_which_photo(
    capsys: pytest.CaptureFixture[str], event: dict[str, Any], version: str | None
) -> None:
    """Execution, bucket, key and version stand in every step's line."""
    run(lambda _event: {}, event | {"execution": EXECUTION})
    (line,), _metrics = printed(capsys)
    assert (line["level"], line["message"], line["execution"]) == ("INFO", "Step done", EXECUTION)
    assert (line["bucket"], line["key"], line.get("version")) == (IMAGES, "photos/a.jpg", version)


def test_a_failed_step_says_so_in_one_line_and_raises_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    def work(_event: Any) -> dict[str, Any]:
        raise ThrottledError("slow down")

    with pytest.raises(ThrottledError, match="slow down"):
        run(work, {"execution": EXECUTION, "image": image()})
    (line,), metrics = printed(capsys)
    assert (line["level"], line["error"], line["cause"]) == ("WARNING", "ThrottledError", "slow down")
    assert (line["key"], metrics) == ("photos/a.jpg", [])


def test_an_input_without_a_photo_is_logged_with_its_execution(capsys: pytest.CaptureFixture[str]) -> None:
    run(lambda _event: {}, {"execution": EXECUTION, "input": {"nonsense": 1}})
    (line,), _metrics = printed(capsys)
    assert line["execution"] == EXECUTION
    assert "key" not in line


def test_nothing_of_one_photo_stays_in_the_lines_of_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    """A Lambda lives on between invocations."""
    handler = step(lambda _event: {})
    handler({"execution": EXECUTION, "image": image()}, Context())
    handler({"execution": EXECUTION, "input": {}}, Context())
    (_first, second), _metrics = printed(capsys)
    assert not {"bucket", "key", "version"} & second.keys()


def test_images_are_counted_by_outcome(capsys: pytest.CaptureFixture[str]) -> None:
    """The metric Images has one dimension more than the others, and does not lend it to them."""

    def work(_event: Any) -> dict[str, Any]:
        count("LabelsDetected", 3)
        count("Images", outcome="REJECTED")
        return {}

    run(work, {"execution": EXECUTION, "image": image()})
    _lines, metrics = printed(capsys)
    images, labels = sorted(metrics, key=lambda metric: "Images" not in metric)
    assert (images["Images"], images["outcome"]) == ([1.0], "REJECTED")
    assert images["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "ImageLabels"
    assert "outcome" in images["_aws"]["CloudWatchMetrics"][0]["Dimensions"][0]
    assert labels["LabelsDetected"] == [3.0]
    assert "outcome" not in labels


def test_what_was_counted_before_a_failure_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    def work(_event: Any) -> dict[str, Any]:
        count("BytesRead", 32_768)
        raise ThrottledError("slow down")

    with pytest.raises(ThrottledError):
        run(work, {"execution": EXECUTION, "image": image()})
    _lines, (metric,) = printed(capsys)
    assert metric["BytesRead"] == [32_768.0]


def test_a_handler_keeps_the_collector_from_what_is_imported_and_leaves_it_on() -> None:
    gc.unfreeze()
    step(dict)
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
