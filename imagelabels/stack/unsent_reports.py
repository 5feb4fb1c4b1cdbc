"""Reports that wait to be mailed: the queue between the topic of reports and the inbox."""

from typing import Any

WAITING = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")


def waiting(sqs: Any, outputs: dict[str, str]) -> int:
    """Return how many reports are not mailed yet, those that are just being mailed included."""
    answer = sqs.get_queue_attributes(QueueUrl=outputs["ReportsQueueUrl"], AttributeNames=list(WAITING))
    return sum(int(answer["Attributes"][name]) for name in WAITING)
