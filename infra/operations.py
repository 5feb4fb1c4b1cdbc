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


class WatchedQueues(NamedTuple):
    """`dead_letters` are every queue in which a message waits for a person."""

    audit_trail: sqs.Queue
    reports: sqs.Queue
    dead_letters: list[sqs.Queue]


class Operations(NamedTuple):
    operators: sns.Topic
    dashboard: cloudwatch.Dashboard


def make_operations(
    scope: Construct,
    *,
    email: str,
    machine: sfn.StateMachine,
    uploads: events.Rule,
    queues: WatchedQueues,
    custom_labels: bool,
) -> Operations:
    """Make alarms and a dashboard of the executions, of the rule `uploads` and of the queues.

    Alarms go to `email`; nobody gets them without an address. `custom_labels`: is DetectCustomLabels called?
    """
    operators = operators_topic(scope, email=email)
    alarms = Alarms(scope, "Alarms", operators=operators)
    alarms.on_executions(machine)
    alarms.on_dead_letters(*queues.dead_letters)
    alarms.on_audit_age(queues.audit_trail)
    alarms.on_lost_events(uploads)
    alarms.on_throttling(custom_labels=custom_labels)
    alarms.on_no_success(uploads, machine)
    shown = [queues.audit_trail, queues.reports, *queues.dead_letters]
    dashboard = make_dashboard(scope, machine=machine, rule=uploads, queues=shown, custom_labels=custom_labels)
    return Operations(operators, dashboard)
