"""CloudWatch metrics for which the CDK has no method: those of AWS services, and those that our functions write."""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events

NAMESPACE = "ImageLabels"


def of_rule(name: str, rule: events.Rule) -> cloudwatch.Metric:
    """Return a metric of AWS/Events (docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html)."""
    return _sum("AWS/Events", name, RuleName=rule.rule_name)


def of_rekognition(name: str, operation: str = "DetectLabels") -> cloudwatch.Metric:
    """Return a metric of an operation (docs.aws.amazon.com/rekognition/latest/dg/rekognition-monitoring.html)."""
    return _sum("AWS/Rekognition", name, Operation=operation)


def of_rekognition_throttles(*, custom_labels: bool) -> list[cloudwatch.IMetric]:
    """Return the throttles of each operation of Rekognition that the stack calls."""
    operations = ["DetectLabels", *(["DetectCustomLabels"] if custom_labels else [])]
    return [of_rekognition("ThrottledCount", operation) for operation in operations]


def of_lambda(name: str) -> cloudwatch.Metric:
    """Return a metric of all functions of the account in the Region."""
    return _sum("AWS/Lambda", name)


def of_step(name: str, step: str, **dimensions: str) -> cloudwatch.Metric:
    """Return a metric that the function in the folder `step` counts (`imagelabels_shared.observability.count`)."""
    return _sum(NAMESPACE, name, service=step, **dimensions)


def _sum(namespace: str, name: str, **dimensions: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(namespace=namespace, metric_name=name, dimensions_map=dimensions or None, statistic="Sum")
