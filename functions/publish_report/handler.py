"""PublishReport, PublishRejection and PublishFailure: tell people, and machines, how it ended."""

import json
from typing import Any

from publish_report.facts import Facts, gather
from publish_report.report import document, text, title
from shared.aws import client, permitted
from shared.observability import count, step
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
    topic = setting("TOPIC_ARN")
    message = {"default": json.dumps(document(facts), ensure_ascii=False), "email": text(facts)}
    with permitted("sns:Publish", topic):
        answer = client("sns").publish(
            TopicArn=topic,
            Subject=title(facts),
            Message=json.dumps(message),
            MessageStructure="json",
            MessageAttributes={"outcome": {"DataType": "String", "StringValue": facts.outcome}},
        )
    return str(answer["MessageId"])
