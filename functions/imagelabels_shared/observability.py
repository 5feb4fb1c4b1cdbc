"""Logs and metrics of the functions: JSON lines that name the photo and the execution, and CloudWatch metrics."""

import functools
import gc
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from imagelabels_shared.execution_input import locate

Work = Callable[[Any], dict[str, Any]]
Handler = Callable[[Any, Any], dict[str, Any]]


@functools.cache
def logger() -> Logger:
    return Logger()


@functools.cache
def metrics() -> Metrics:
    return Metrics()


def count(name: str, value: float = 1, **dimensions: str) -> None:
    """Add to a metric that the dashboard or an alarm shows: each metric costs; other numbers are fields of log lines.

    A metric with dimensions is written alone, so that other metrics do not get the dimensions.
    """
    if not dimensions:
        metrics().add_metric(name, MetricUnit.Count, value)
        return
    with single_metric(name, MetricUnit.Count, value, namespace=metrics().namespace) as metric:
        for dimension, content in dimensions.items():
            metric.add_dimension(dimension, content)


def logged(work: Handler) -> Handler:
    """Make a Lambda handler whose log lines have the request. To be called when everything is imported."""
    # As in `imagelabels_shared.aws`: a collection while boto3 reads its service models would look through all modules.
    gc.freeze()

    @functools.wraps(work)
    def handler(event: Any, context: Any) -> dict[str, Any]:
        answer: dict[str, Any] = logger().inject_lambda_context(work, clear_state=True)(event, context)
        return answer

    return handler


def step(work: Work) -> Handler:
    """Make a Lambda handler of a state's function; its log lines have the execution, bucket, key and version."""
    observed = logged(_about_photo(work))

    @functools.wraps(work)
    def handler(event: Any, context: Any) -> dict[str, Any]:
        try:
            return observed(event, context)
        finally:
            flush()

    return handler


def flush() -> None:
    """Write the metrics, if there are any: Powertools warns about an empty set, which a failed step may have."""
    if metrics().provider.metric_set:
        metrics().flush_metrics()


def _about_photo(work: Work) -> Handler:
    def handler(event: Any, _context: Any) -> dict[str, Any]:
        logger().append_keys(**_subject(event))
        try:
            result = work(event)
        except Exception as error:
            logger().warning("Step failed", error=type(error).__name__, cause=str(error))
            raise
        logger().info("Step done")
        return result

    return handler


def _subject(event: Any) -> dict[str, Any]:
    try:
        source = locate(event.get("image") or event.get("input"))
    except ValueError:
        return {"execution": event.get("execution")}
    return {
        "execution": event.get("execution"),
        "bucket": source["bucket"],
        "key": source["key"],
        "version": source.get("versionId"),
    }
