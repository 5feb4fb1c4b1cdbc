"""Reports: the topic of each execution's end, and the way from there to mail, gathered in digests."""

from typing import NamedTuple

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from imagelabels_shared.subscriptions import same
from infra.lambda_function import LambdaFunction
from infra.phone import text_too
from infra.queue_function import consume
from infra.queues import consumed_queue, dead_letter_queue
from infra.settings import Settings, addresses
from infra.storage import Storage
from infra.topics import subscribe, topic
from send_digest.environment import SesEnvironment, SnsEnvironment

MOST_PHOTOS = 1_000
# Lambda's minimum (ScalingConfig); functions/send_digest/handler.py relies on it.
CONCURRENCY = 2
FAILURES, OTHERS = ["FAILED"], ["LABELLED", "REJECTED"]
# A PNG of 10,000 pixels a side, the largest that Rekognition takes, is 400 MB when decoded.
DRAWING_MEMORY_MB = 2048


class Reports(NamedTuple):
    """`topic` gets each report; `queue` gathers them for a function that publishes to `mail`, or sends with SES."""

    topic: sns.Topic
    mail: sns.Topic
    queue: sqs.Queue
    dead_letters: sqs.Queue


def make_reports(scope: Construct, *, storage: Storage, settings: Settings, removal_policy: RemovalPolicy) -> Reports:
    # The key that AWS manages for SNS.
    key = kms.Alias.from_alias_name(scope, "SnsKey", "alias/aws/sns")
    reports = topic(scope, "Reports", key=key)
    mail = mail_topic(scope, key, settings=settings)
    dead_letters = dead_letter_queue(scope, "MailDeadLetters", removal_policy=removal_policy)
    window = Duration.seconds(settings.digest_seconds)
    queue = reports_queue(scope, reports, dead_letters=dead_letters, window=window, removal_policy=removal_policy)
    if settings.report_sender:
        function = send_with_ses(scope, storage=storage, settings=settings)
    else:
        function = send_with_sns(scope, mail=mail, settings=settings)
    if settings.report_phone:
        text_too(scope, function, key=key, number=settings.report_phone)
    # Without a window, each report is mailed alone and at once.
    batch_size = MOST_PHOTOS if settings.digest_seconds else 1
    consume(function, queue, batch_size=batch_size, window=window, max_concurrency=CONCURRENCY)
    return Reports(reports, mail, queue, dead_letters)


def mail_topic(scope: Construct, key: kms.IKey, *, settings: Settings) -> sns.Topic:
    """Make the topic of mail to people; failures go only to the operators if they have their own address.

    There are no subscriptions when SES sends the mail.
    """
    mail = topic(scope, "Mail", key=key)
    for address, outcomes in mailboxes(settings).items():
        subscribe(mail, address, outcomes=outcomes)
    return mail


def mailboxes(settings: Settings) -> dict[str, list[str]]:
    """Return the addresses that subscribe to the topic of mail, and the outcomes that each of them gets."""
    if settings.report_sender:
        return {}
    owners, operators = addresses(settings.report_email), addresses(settings.alarm_email)
    return {
        address: (FAILURES if _among(address, operators) else []) + (OTHERS if _among(address, owners) else [])
        for address in addresses(",".join(operators + owners))
    }


def _among(address: str, people: list[str]) -> bool:
    return any(same(address, person) for person in people)


def reports_queue(
    scope: Construct, reports: sns.Topic, *, dead_letters: sqs.Queue, window: Duration, removal_policy: RemovalPolicy
) -> sqs.Queue:
    """Make the queue of reports to mail; a report that cannot be queued or mailed goes to `dead_letters`."""
    queue = consumed_queue(scope, "ReportsQueue", dead_letters, removal_policy=removal_policy, window=window)
    reports.add_subscription(
        subscriptions.SqsSubscription(queue, dead_letter_queue=dead_letters, raw_message_delivery=True)
    )
    return queue


def send_with_sns(scope: Construct, *, mail: sns.Topic, settings: Settings) -> LambdaFunction:
    """Make the function that publishes text to the topic of mail."""
    function = LambdaFunction(
        scope,
        "SendDigest",
        environment=SnsEnvironment(mail_topic_arn=mail.topic_arn, technical_details=settings.technical_details),
    )
    function.allow("sns:Publish", on=[mail.topic_arn])
    return function


def send_with_ses(scope: Construct, *, storage: Storage, settings: Settings) -> LambdaFunction:
    """Make the function that sends HTML with a picture through SES.

    The sender's identity is not of this stack, which others may use, too (imagelabels/deploy/sender.py).
    """
    environment = SesEnvironment(
        operators_email=",".join(addresses(settings.alarm_email)),
        report_email=",".join(addresses(settings.report_email)),
        report_sender=settings.report_sender,
        technical_details=settings.technical_details,
    )
    layers = ("powertools", "imaging", "html")
    function = LambdaFunction(scope, "SendDigest", environment=environment, layers=layers, memory_mb=DRAWING_MEMORY_MB)
    # SES may ask for SendRawEmail, because a mail with a picture has MIME attachments.
    function.allow("ses:SendEmail", "ses:SendRawEmail", on=identities(scope, settings))
    # For the picture: the photo, or the copy that Rekognition read, and the boxes.
    storage.allow_reading(function, "s3:GetObject", "s3:GetObjectVersion")
    files = storage.work.arn_for_objects("*")
    function.allow("s3:GetObject", on=[files], because="Each version of a photo has its own copy and its own answer.")
    # Without s3:ListBucket S3 answers 403 for an object that is gone, and a report could not go without a picture.
    function.allow("s3:ListBucket", on=[storage.images.bucket_arn, storage.work.bucket_arn])
    return function


def identities(scope: Construct, settings: Settings) -> list[str]:
    """Return the ARNs of the identities that may stand for the sender and the recipients: an address, or its domain.

    While the account is in SES's sandbox, SES also checks the permission on the identities of recipients.
    """
    people = {settings.report_sender, *addresses(settings.report_email), *addresses(settings.alarm_email)}
    names = sorted(people | {address.rpartition("@")[2] for address in people})
    return [Stack.of(scope).format_arn(service="ses", resource="identity", resource_name=name) for name in names]
