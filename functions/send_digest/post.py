"""Sending a letter to the topic `Mail`, where the mailboxes are subscribed."""

import json

from send_digest.letters import Letter
from shared.aws import client, permitted
from shared.settings import setting


def post(letter: Letter) -> None:
    """Publish a letter; its attribute `outcome` tells owners' mail from operators'.

    Raises what `shared.aws.permitted` raises.
    """
    topic = setting("MAIL_TOPIC_ARN")
    outcomes = sorted({report["outcome"] for report in letter.reports})
    with permitted("sns:Publish", topic):
        client("sns").publish(
            TopicArn=topic,
            Subject=letter.subject,
            Message=letter.text,
            MessageAttributes={"outcome": {"DataType": "String.Array", "StringValue": json.dumps(outcomes)}},
        )
