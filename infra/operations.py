"""Operations: the alarms, the topic that mails them to the operators, and the dashboard."""

from typing import NamedTuple

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.alarms import Alarms
from infra.dashboard import make_dashboard
from infra.operators import operators_topic
from infra.settings import Settings
from infra.subscriptions import check_subscriptions


class WatchedQueues(NamedTuple):
    """`dead_letters` are every queue in which a message waits for a person."""

    audit_trail: sqs.Queue
    reports: sqs.Queue
    dead_letters: list[sqs.Queue]


class StateMachines(NamedTuple):
    """`label_image` labels one photo; `label_library` starts it for each photo of a bucket."""

    label_image: sfn.StateMachine
    label_library: sfn.StateMachine


class Operations(NamedTuple):
    operators: sns.Topic
    dashboard: cloudwatch.Dashboard


def make_operations(
    scope: Construct,
    *,
    settings: Settings,
    mail: sns.Topic,
    machines: StateMachines,
    uploads: events.Rule,
    queues: WatchedQueues,
) -> Operations:
    """Make alarms and a dashboard of the executions, of the rule `uploads` and of the queues.

    Alarms go to the operators of the settings; nobody gets them without an address.
    """
    operators = operators_topic(scope, email=settings.alarm_email)
    alarms = Alarms(scope, "Alarms", operators=operators)
    alarms.on_executions(machines.label_image)
    alarms.on_library(machines.label_library)
    alarms.on_dead_letters(*queues.dead_letters)
    alarms.on_audit_age(queues.audit_trail)
    alarms.on_lost_events(uploads)
    custom_labels = bool(settings.custom_labels_model)
    alarms.on_throttling(custom_labels=custom_labels)
    alarms.on_no_success(uploads, machines.label_image)
    if settings.alarm_email:
        alarms.on_subscriptions(check_subscriptions(scope, operators=operators, mail=mail, settings=settings).function)
    shown = [queues.audit_trail, queues.reports, *queues.dead_letters]
    dashboard = make_dashboard(
        scope,
        machine=machines.label_image,
        rule=uploads,
        queues=shown,
        custom_labels=custom_labels,
        image_properties=settings.image_properties,
    )
    return Operations(operators, dashboard)
