"""PublishReport, PublishRejection and PublishFailure: publish how an execution ended, for people and programs."""

import json
from typing import Any, TypedDict, cast

from imagelabels_shared.audit import AuditedImage
from imagelabels_shared.aws import aws_call, client
from imagelabels_shared.environment import endpoint_url
from imagelabels_shared.models import ReportedError
from imagelabels_shared.observability import count, step
from imagelabels_shared.report.subject import title
from imagelabels_shared.report.text import text
from publish_report.document import document
from publish_report.environment import PublishReportEnvironment, console_url
from publish_report.facts import Facts, gather


class Audited(TypedDict):
    """What the audit record takes from the report (`imagelabels_shared.audit`)."""

    image: AuditedImage
    labels: list[str]
    error: ReportedError | None


class Published(Audited):
    """`messageId` is SNS's."""

    messageId: str


@step
def handler(event: dict[str, Any]) -> dict[str, Any]:
    facts = gather(event)
    message_id = publish(facts)
    count("Images", outcome=facts.outcome)
    return dict(Published(messageId=message_id, **audited(facts)))


def audited(facts: Facts) -> Audited:
    """Return what the audit record takes from the report; unknown fields of the image are None."""
    image = {name: facts.image.get(name) for name in AuditedImage.__annotations__}
    return Audited(image=cast("AuditedImage", image), labels=[one["name"] for one in facts.labels], error=facts.error)


def publish(facts: Facts) -> str:
    """Publish the report to the topic; return SNS's message id. Raises what `aws_call` raises."""
    topic = PublishReportEnvironment.from_environ().topic_arn
    report = document(facts, console_url(), endpoint_url())
    # `email` is for mailboxes that are subscribed to this topic directly, as operators do. The JSON is ASCII, because
    # SMS and mailboxes may be subscribed to it, too.
    message = {"default": json.dumps(report), "email": text(report, technical=True)}
    with aws_call("sns:Publish", topic):
        answer = client("sns").publish(
            TopicArn=topic,
            Subject=title(report),
            Message=json.dumps(message),
            MessageStructure="json",
            MessageAttributes={"outcome": {"DataType": "String", "StringValue": facts.outcome}},
        )
    return str(answer["MessageId"])
