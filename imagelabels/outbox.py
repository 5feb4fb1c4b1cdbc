"""Reports that wait to be mailed: the queue between the topic of reports and the inbox."""

from imagelabels.connection import Connection

WAITING = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")


def waiting(connection: Connection) -> int:
    """Return how many reports are not mailed yet, those that are just being mailed included."""
    answer = connection.client("sqs").get_queue_attributes(
        QueueUrl=connection.outputs["ReportsQueueUrl"], AttributeNames=list(WAITING)
    )
    return sum(int(answer["Attributes"][name]) for name in WAITING)
