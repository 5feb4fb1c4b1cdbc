"""Sending a letter to the topic `Mail`, where the mailboxes are subscribed."""

import json

from imagelabels_shared.aws import aws_call, client
from send_digest.environment import SnsEnvironment
from send_digest.mails import Letter


def post(letter: Letter) -> None:
    """Publish a letter; its attribute `outcome` tells owners' mail from operators'.

    Raises what `aws_call` raises.
    """
    topic = SnsEnvironment.from_environ().mail_topic_arn
    outcomes = sorted({report["outcome"] for report in letter.reports})
    with aws_call("sns:Publish", topic):
        client("sns").publish(
            TopicArn=topic,
            Subject=letter.subject,
            Message=letter.text,
            MessageAttributes={"outcome": {"DataType": "String.Array", "StringValue": json.dumps(outcomes)}},
        )
