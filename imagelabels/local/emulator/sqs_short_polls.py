from typing import Any

from ministack.services import sqs


def apply() -> None:
    """Let every second short poll of a queue miss its messages, beginning with the first.

    AWS: a short poll (no WaitTimeSeconds) asks some of SQS's servers, and may return nothing from a queue with few
    messages; a long poll asks all servers.
    The emulator: a short poll returns what the queue has.
    Source: docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
    """
    # The queues whose last short poll missed.
    missed: set[str] = set()
    receive = sqs._act_receive_message  # noqa: SLF001  # each ReceiveMessage; event source mappings do not use it

    async def receive_by_chance(data: dict[str, Any], url: str) -> dict[str, Any]:
        queue = data.get("QueueUrl", url)
        if int(data.get("WaitTimeSeconds") or 0) == 0 and queue not in missed:
            missed.add(queue)
            return {}
        missed.discard(queue)
        answer: dict[str, Any] = await receive(data, url)
        return answer

    sqs._act_receive_message = sqs._HANDLERS["ReceiveMessage"] = receive_by_chance  # noqa: SLF001
