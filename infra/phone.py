"""A phone that gets a text about the photos of each batch of reports."""

from aws_cdk import CfnOutput
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.lambda_function import LambdaFunction
from infra.nag import acknowledge
from infra.topics import topic
from send_digest.environment import Phone

# SNS takes the first ten characters of a topic's name for the sender of its texts.
SENDER = "ImageLabel"
REDRIVE = "A text is sent beside a mail, and a lost one loses nothing."


def text_too(scope: Construct, function: LambdaFunction, *, key: kms.IKey, number: str) -> None:
    """Let the function that mails reports also text `number` (E.164), through a topic of its own.

    SNS does not ask a phone to confirm.
    """
    texts = topic(scope, "Phone", key=key, display_name=SENDER)
    texts.add_subscription(subscriptions.SmsSubscription(number))
    acknowledge(texts, "Serverless::Serverless-SNSRedrivePolicy", because=REDRIVE)
    CfnOutput(scope, "PhoneTopicArn", value=texts.topic_arn)
    function.also_set(Phone(phone_topic_arn=texts.topic_arn))
    function.allow("sns:Publish", on=[texts.topic_arn])
