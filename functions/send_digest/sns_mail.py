"""Sending a mail through the SNS topic `Mail`, to which the mailboxes are subscribed."""

import json

from imagelabels_shared.aws import aws_call, client
from send_digest.environment import SnsEnvironment
from send_digest.mails import Mail


def send(mail: Mail) -> None:
    """Publish a mail; subscriptions of owners and of operators filter by its attribute `outcome`.

    A mail about one photo has the attribute `execution`, so that a program finds it.
    Raises what `aws_call` raises.
    """
    topic = SnsEnvironment.from_environ().mail_topic_arn
    outcomes = sorted({report["outcome"] for report in mail.reports})
    attributes = {"outcome": {"DataType": "String.Array", "StringValue": json.dumps(outcomes)}}
    if mail.execution:
        attributes["execution"] = {"DataType": "String", "StringValue": mail.execution}
    with aws_call("sns:Publish", topic):
        client("sns").publish(
            TopicArn=topic,
            Subject=mail.subject,
            Message=mail.text,
            MessageAttributes=attributes,
        )
