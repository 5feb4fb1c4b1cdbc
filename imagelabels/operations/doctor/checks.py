"""The checks in the order in which they run."""

from collections.abc import Callable
from functools import partial

from imagelabels.operations.doctor.check_result import CheckResult
from imagelabels.operations.doctor.intake import notifications, rules
from imagelabels.operations.doctor.messages import queues, subscriptions
from imagelabels.operations.doctor.phone import phone as phone_check
from imagelabels.operations.doctor.trial_photo import photo_through
from imagelabels.stack.connection import Stack

Check = Callable[[Stack], list[CheckResult]]


def checks(deadline: float | None) -> list[Check]:
    """Return the checks; a test photo is sent with a `deadline` in seconds, and not with None."""
    photo: list[Check] = [] if deadline is None else [partial(photo_through, deadline=deadline)]
    # The queues come last, so that a message that the test photo left there is seen.
    return [notifications, rules, subscriptions, phone_check, *photo, queues]
