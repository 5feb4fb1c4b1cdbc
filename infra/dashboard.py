"""The CloudWatch dashboard: executions, events, queues, photos and cost."""

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from imagelabels_shared.costs import of_month, of_photo, of_rekognition, total
from infra import metrics

OUTCOMES = ("LABELLED", "REJECTED", "FAILED")
USD_PER_DAY = total(of_month()) / 30
DAY = Duration.days(1)
WIDTH = 12


def make_dashboard(
    scope: Construct,
    *,
    machine: sfn.StateMachine,
    rule: events.Rule,
    queues: list[sqs.Queue],
    custom_labels: bool,
    image_properties: bool,
) -> cloudwatch.Dashboard:
    """Make the dashboard; `queues` are those whose depth and age it shows, `custom_labels` as for `make_operations`.

    With `image_properties` a photo costs more.
    """
    page = cloudwatch.Dashboard(scope, "Dashboard", dashboard_name=f"ImageLabels-{Aws.REGION}")
    page.add_widgets(_graph("Executions by outcome", _outcomes(machine)), _graph("Duration", _durations(machine)))
    page.add_widgets(
        _graph("Throttles", _throttles(machine, custom_labels=custom_labels)), _graph("Events", _events(rule))
    )
    page.add_widgets(_graph("Oldest message", [_age(queue) for queue in queues]), _graph("Messages", _depths(queues)))
    page.add_widgets(_graph("Calls of Rekognition a second", [_rate()]))
    cost = _cost(machine, image_properties=image_properties)
    page.add_widgets(_graph("Images and labels a day", _production()), _graph("Estimated cost a day", [cost]))
    return page


def _graph(title: str, lines: list[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=lines, width=WIDTH)


def _outcomes(machine: sfn.StateMachine) -> list[cloudwatch.IMetric]:
    reported = [metrics.of_step("Images", "publish_report", outcome=outcome) for outcome in OUTCOMES]
    ends = [machine.metric_succeeded(), machine.metric_failed(), machine.metric_timed_out(), machine.metric_aborted()]
    return [*reported, *ends]


def _durations(machine: sfn.StateMachine) -> list[cloudwatch.IMetric]:
    return [machine.metric_time(statistic=statistic) for statistic in ("p50", "p95", "Maximum")]


def _throttles(machine: sfn.StateMachine, *, custom_labels: bool) -> list[cloudwatch.IMetric]:
    functions = metrics.of_lambda("Throttles")
    return [*metrics.of_rekognition_throttles(custom_labels=custom_labels), functions, machine.metric_throttled()]


def _rate() -> cloudwatch.IMetric:
    """The rate in force: `rekognitionPerSecond`, and less after throttles."""
    return metrics.of_step("RekognitionRate", "detect_labels").with_(statistic="Minimum")


def _events(rule: events.Rule) -> list[cloudwatch.IMetric]:
    names = ("TriggeredRules", "FailedInvocations", "InvocationsSentToDlq", "InvocationsFailedToBeSentToDlq")
    return [metrics.of_rule(name, rule) for name in names]


def _age(queue: sqs.Queue) -> cloudwatch.IMetric:
    return queue.metric_approximate_age_of_oldest_message(label=queue.node.id, statistic="Maximum")


def _depths(queues: list[sqs.Queue]) -> list[cloudwatch.IMetric]:
    visible = sqs.Queue.metric_approximate_number_of_messages_visible
    return [visible(queue, label=queue.node.id, statistic="Maximum") for queue in queues]


def _production() -> list[cloudwatch.IMetric]:
    labelled = metrics.of_step("Images", "publish_report", outcome="LABELLED")
    return [labelled.with_(period=DAY), metrics.of_step("LabelsWritten", "persist_labels").with_(period=DAY)]


def _cost(machine: sfn.StateMachine, *, image_properties: bool) -> cloudwatch.IMetric:
    image = of_rekognition(image_properties=image_properties).usd
    # What a photo costs beside Rekognition.
    execution = total(of_photo(image_properties=image_properties)) - image
    labelling = f"FILL(images, 0) * {image:g} + FILL(started, 0) * {execution:.6f}"
    return cloudwatch.MathExpression(
        expression=f"{labelling} + {USD_PER_DAY:.3f}",
        using_metrics={
            "images": metrics.of_rekognition("SuccessfulRequestCount"),
            "started": machine.metric_started(),
        },
        label="US dollars",
        period=DAY,
    )
