"""PublishReport, PublishRejection and PublishFailure: tell people, and machines, how it ended."""

import json
from typing import Any

from publish_report.document import document
from publish_report.facts import Facts, gather
from shared.aws import client, permitted
from shared.observability import count, step
from shared.report.subject import title
from shared.report.text import text
from shared.settings import setting

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
    """Send the report to the topic and return SNS's message id. Raises what `shared.aws.permitted` raises."""
    topic, report = setting("TOPIC_ARN"), document(facts)
    # `email` serves those who subscribe a mailbox of their own to every single report.
    # JSON in ASCII, because a phone or a mailbox may be subscribed to it, too.
    message = {"default": json.dumps(report), "email": text(report)}
    with permitted("sns:Publish", topic):
        answer = client("sns").publish(
            TopicArn=topic,
            Subject=title(report),
            Message=json.dumps(message),
            MessageStructure="json",
            MessageAttributes={"outcome": {"DataType": "String", "StringValue": facts.outcome}},
        )
    return str(answer["MessageId"])
