"""Sending a mail through the SNS topic `Mail`, to which the mailboxes are subscribed."""

import json

from imagelabels_shared.aws import aws_call, client
from send_digest.environment import SnsEnvironment
from send_digest.mails import Mail


def send(mail: Mail) -> None:
    """Publish a mail; subscriptions of owners and of operators filter by its attribute `outcome`.

    Raises what `aws_call` raises.
    """
    topic = SnsEnvironment.from_environ().mail_topic_arn
    outcomes = sorted({report["outcome"] for report in mail.reports})
    with aws_call("sns:Publish", topic):
        client("sns").publish(
            TopicArn=topic,
            Subject=mail.subject,
            Message=mail.text,
            MessageAttributes={"outcome": {"DataType": "String.Array", "StringValue": json.dumps(outcomes)}},
        )
