"""PublishReport, PublishRejection and PublishFailure: tell people, and machines, how it ended."""

import json
from typing import Any

from imagelabels_shared.aws import aws_call, client
from imagelabels_shared.observability import count, step
from imagelabels_shared.report.subject import title
from imagelabels_shared.report.text import text
from publish_report.document import document
from publish_report.environment import PublishReportEnvironment
from publish_report.facts import Facts, gather

AUDITED = ("bucket", "key", "versionId", "etag", "size")


@step
def handler(event: dict[str, Any]) -> dict[str, Any]:
    facts = gather(event)
    message_id = publish(facts)
    count("Images", outcome=facts.outcome)
    return {
        "messageId": message_id,
        "image": {name: facts.image.get(name) for name in AUDITED},
        "labels": [label["name"] for label in facts.labels],
        "error": facts.error,
    }


def publish(facts: Facts) -> str:
    """Send the report to the topic and return SNS's message id. Raises what `aws_call` raises."""
    topic, report = PublishReportEnvironment.from_environ().topic_arn, document(facts)
    # `email` serves those who subscribe a mailbox of their own to every single report.
    # JSON in ASCII, because a phone or a mailbox may be subscribed to it, too.
    message = {"default": json.dumps(report), "email": text(report)}
    with aws_call("sns:Publish", topic):
        answer = client("sns").publish(
            TopicArn=topic,
            Subject=title(report),
            Message=json.dumps(message),
            MessageStructure="json",
            MessageAttributes={"outcome": {"DataType": "String", "StringValue": facts.outcome}},
        )
    return str(answer["MessageId"])
