"""When S3 begins to tell EventBridge of new photos."""

from datetime import UTC, datetime, timedelta

from imagelabels.stack.connection import STACK_NAME, Stack

# AWS: enabling takes "around five minutes" (docs.aws.amazon.com/AmazonS3/latest/userguide/
# enable-event-notifications-eventbridge.html). Uploads before that start nothing.
NOTIFICATIONS_TAKE = timedelta(minutes=5)
# The bucket is made somewhere in the creation of the stack, which takes less than this.
CREATION_TAKES = timedelta(minutes=10)
CATCH_UP = "`imagelabels reconcile --fix` labels photos that were uploaded before."


def maybe_later(stack: Stack, now: datetime | None = None) -> datetime | None:
    """Return until when an upload to a new stack may start nothing; None for an older stack, and for a local one."""
    if stack.endpoint:
        return None
    (found,) = stack.client("cloudformation").describe_stacks(StackName=STACK_NAME)["Stacks"]
    ready: datetime = found["CreationTime"] + CREATION_TAKES + NOTIFICATIONS_TAKE
    return ready if (now or datetime.now(UTC)) < ready else None
