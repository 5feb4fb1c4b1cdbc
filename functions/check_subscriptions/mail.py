"""The mail about lost subscriptions of the operators, whom the alarm cannot reach: to whoever still gets mail."""

import json

from check_subscriptions.environment import MailTopic, OperatorsTopic, SesMail
from imagelabels_shared.aws import aws_call, client

SUBJECT = "Alarms of Image Labels reach nobody"
# Every subscription of the topic Mail has a filter that lets one of them through.
OUTCOMES = ["FAILED", "LABELLED", "REJECTED"]


def tell(sentences: list[str]) -> None:
    """Mail the sentences the way that reports go. Raises what `aws_call` raises."""
    text = "\n\n".join(["No operator gets the alarms of the stack:", *sentences]) + "\n"
    if MailTopic.is_set():
        _publish(text)
    else:
        _send(text)


def _publish(text: str) -> None:
    topic = MailTopic.from_environ().mail_topic_arn
    outcome = {"DataType": "String.Array", "StringValue": json.dumps(OUTCOMES)}
    with aws_call("sns:Publish", topic):
        client("sns").publish(TopicArn=topic, Subject=SUBJECT, Message=text, MessageAttributes={"outcome": outcome})


def _send(text: str) -> None:
    mail, operators = SesMail.from_environ(), OperatorsTopic.from_environ().operators_email
    recipients = dict.fromkeys([*operators.split(","), *mail.report_email.split(",")])
    simple = {"Subject": {"Data": SUBJECT}, "Body": {"Text": {"Data": text}}}
    with aws_call("ses:SendEmail", f"identity/{mail.report_sender}"):
        client("sesv2").send_email(
            FromEmailAddress=f"Image Labels <{mail.report_sender}>",
            Destination={"ToAddresses": list(recipients)},
            Content={"Simple": simple},
        )
