"""From the topic of reports to an inbox, without flooding it: a queue, a function that gathers, a mail topic."""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.lambda_function import TIMEOUT, LambdaFunction
from infra.queue_function import work_through
from infra.queues import subscribe, worked_queue
from infra.settings import Settings

MOST_PHOTOS = 1_000
# The least that Lambda takes (ScalingConfig); functions/send_digest/handler.py counts on it.
CONCURRENCY = 2
FAILURES, REST = ["FAILED"], ["LABELLED", "REJECTED"]


def mail_topic(scope: Construct, key: kms.IKey, *, settings: Settings) -> sns.Topic:
    """Make the topic of mails to people; failures go to the operators alone when they have an address of their own.

    Nobody is subscribed when SES does the mailing.
    """
    topic = sns.Topic(scope, "Mail", display_name="Image Labels", enforce_ssl=True, master_key=key)
    owners, operators = settings.report_email, settings.operators_email
    if settings.report_sender:
        return topic
    if operators and operators != owners:
        subscribe(topic, operators, outcomes=FAILURES)
    if owners:
        subscribe(topic, owners, outcomes=REST if operators and operators != owners else FAILURES + REST)
    return topic


def reports_queue(
    scope: Construct, reports: sns.Topic, *, dead_letters: sqs.Queue, window: Duration, removal_policy: RemovalPolicy
) -> sqs.Queue:
    """Make the queue where reports wait to be mailed; what cannot be queued or mailed goes to `dead_letters`."""
    # AWS: six times the function's timeout and the batching window, or a batch comes again while it is worked on.
    visibility = Duration.seconds(6 * TIMEOUT.to_seconds() + window.to_seconds())
    queue = worked_queue(scope, "ReportsQueue", dead_letters, removal_policy=removal_policy, visibility=visibility)
    reports.add_subscription(
        subscriptions.SqsSubscription(queue, dead_letter_queue=dead_letters, raw_message_delivery=True)
    )
    return queue


def mail_as_html(scope: Construct, step: LambdaFunction, *, settings: Settings) -> None:
    """Let `step` mail through SES; AWS asks by mail to confirm that the sender is yours."""
    ses.EmailIdentity(scope, "Sender", identity=ses.Identity.email(settings.report_sender))
    operators = settings.operators_email or settings.report_email
    addresses = sorted({settings.report_sender, settings.report_email, operators})
    # While the account is in SES's sandbox, the recipients are identities whose use must be allowed, too.
    identities = [
        Stack.of(scope).format_arn(service="ses", resource="identity", resource_name=one) for one in addresses
    ]
    step.allow("ses:SendEmail", on=identities)


def gather(step: LambdaFunction, queue: sqs.Queue, *, window: Duration) -> None:
    """Hand `step` what came within `window`; without a window, each report alone and at once."""
    batch_size = MOST_PHOTOS if window.to_seconds() else 1
    work_through(step, queue, batch_size=batch_size, window=window, max_concurrency=CONCURRENCY)
