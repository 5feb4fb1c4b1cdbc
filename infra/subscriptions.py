"""The daily check that SNS still has the subscriptions of the people who should get mail."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct

from check_subscriptions.environment import SesEnvironment, SnsEnvironment
from infra.lambda_function import LambdaFunction
from infra.nag import acknowledge
from infra.reports import identities, mailboxes
from infra.settings import Settings, addresses

DAY = Duration.days(1)
# Three calls, each with pauses of up to 31 seconds (check_subscriptions/patience.py).
TIMEOUT = Duration.minutes(3)
TOMORROW = "The next day's event checks again; an alarm watches the errors."


def check_subscriptions(
    scope: Construct, *, operators: sns.Topic, mail: sns.Topic, settings: Settings
) -> LambdaFunction:
    """Make the function, which fails when an address of the settings does not get its mail, and its schedule."""
    by_ses = bool(settings.report_sender)
    function = _by_ses(scope, operators, settings) if by_ses else _by_sns(scope, operators, mail, settings)
    function.allow("sns:ListSubscriptionsByTopic", on=[operators.topic_arn])
    # Lambda would make two more attempts, and each would mail.
    function.function.configure_async_invoke(retry_attempts=0)
    acknowledge(function, "Serverless::Serverless-LambdaAsyncFailureDestination", because=TOMORROW)
    schedule = events.Rule(
        scope,
        "SubscriptionsCheck",
        schedule=events.Schedule.rate(DAY),
        targets=[targets.LambdaFunction(function.function)],
    )
    acknowledge(schedule, "Serverless::Serverless-EventBusDLQ", because=TOMORROW)
    return function


def _by_sns(scope: Construct, operators: sns.Topic, mail: sns.Topic, settings: Settings) -> LambdaFunction:
    environment = SnsEnvironment(
        mail_email=",".join(mailboxes(settings)),
        mail_topic_arn=mail.topic_arn,
        operators_email=",".join(addresses(settings.alarm_email)),
        operators_topic_arn=operators.topic_arn,
    )
    function = LambdaFunction(scope, "CheckSubscriptions", environment=environment, timeout=TIMEOUT)
    # It publishes when no operator is left whom the alarm could reach.
    function.allow("sns:ListSubscriptionsByTopic", "sns:Publish", on=[mail.topic_arn])
    return function


def _by_ses(scope: Construct, operators: sns.Topic, settings: Settings) -> LambdaFunction:
    environment = SesEnvironment(
        operators_email=",".join(addresses(settings.alarm_email)),
        operators_topic_arn=operators.topic_arn,
        report_email=",".join(addresses(settings.report_email)),
        report_sender=settings.report_sender,
    )
    function = LambdaFunction(scope, "CheckSubscriptions", environment=environment, timeout=TIMEOUT)
    function.allow("ses:SendEmail", on=identities(scope, settings))
    return function
