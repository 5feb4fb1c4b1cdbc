"""What each state of the definition retries and catches, written down: an error that the definition loses is missed."""

from typing import NamedTuple


class Retrier(NamedTuple):
    """`first` and `longest` are waits in seconds; `factor` is between two waits."""

    errors: tuple[str, ...]
    attempts: int
    first: int = 1
    factor: int = 2
    longest: int = 30


THROTTLED = Retrier(
    ("ThrottledError", "Lambda.TooManyRequestsException", "Lambda.EC2ThrottledException"), 60, first=2, longest=300
)
# Lambda's own transient errors: docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html. The last
# four are those of a function that died or took too long.
UNAVAILABLE = Retrier(
    (
        "ServiceUnavailableError",
        "Lambda.ServiceException",
        "Lambda.ResourceConflictException",
        "Lambda.ResourceNotReadyException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.Unknown",
        "Runtime.ExitError",
        "Sandbox.Timedout",
        "States.Timeout",
    ),
    5,
)
QUEUE_UNAVAILABLE = Retrier(("States.ALL",), 5)

RETRIES = {
    "ValidateImage": [THROTTLED, UNAVAILABLE],
    "NormalizeImage": [THROTTLED, UNAVAILABLE],
    "DetectLabels": [THROTTLED, UNAVAILABLE],
    "PersistLabels": [THROTTLED, UNAVAILABLE],
    "PublishReport": [THROTTLED, UNAVAILABLE],
    "PublishRejection": [THROTTLED, UNAVAILABLE],
    "PublishFailure": [THROTTLED, UNAVAILABLE],
    "RequestRemoval": [QUEUE_UNAVAILABLE],
    "RecordOutcome": [QUEUE_UNAVAILABLE],
    "RecordRejection": [QUEUE_UNAVAILABLE],
    "RecordNotFound": [QUEUE_UNAVAILABLE],
    "RecordSuperseded": [QUEUE_UNAVAILABLE],
    "RecordDuplicate": [QUEUE_UNAVAILABLE],
    "RecordFailure": [QUEUE_UNAVAILABLE],
}
ALL = ("States.ALL",)
# Each Catch in its order: the errors, and the field of the state that gets them.
CAUGHT = {
    "ValidateImage": [
        (("DuplicateEventError",), "failure"),
        (("ImageNotFoundError",), "failure"),
        (
            (
                "EmptyImageError",
                "ArchivedImageError",
                "UnsupportedFormatError",
                "CorruptImageError",
                "ImageTooSmallError",
                "ImageTooLargeError",
            ),
            "failure",
        ),
        (ALL, "failure"),
    ],
    "NormalizeImage": [
        (
            (
                *("ImageNotFoundError", "ArchivedImageError", "UnsupportedFormatError", "CorruptImageError"),
                *("ImageTooSmallError", "ImageTooLargeError"),
            ),
            "failure",
        ),
        (ALL, "failure"),
    ],
    "DetectLabels": [
        (("ImageNotFoundError", "ArchivedImageError", "CorruptImageError", "ImageTooLargeError"), "failure"),
        (ALL, "failure"),
    ],
    "PersistLabels": [(("SupersededError",), "failure"), (ALL, "failure")],
    "PublishReport": [(ALL, "failure")],
    "PublishRejection": [(ALL, "reporting")],
    "PublishFailure": [(ALL, "reporting")],
    "RequestRemoval": [(ALL, "removing")],
    "RecordFailure": [(ALL, "recording")],
}
# Seconds after which a state gives up an attempt: longer than its function may take, with a wait for a free one.
TIMEOUTS = {
    "ValidateImage": 60,
    "NormalizeImage": 120,
    "DetectLabels": 90,
    "PersistLabels": 60,
    "PublishReport": 60,
    "PublishRejection": 60,
    "PublishFailure": 60,
    "RequestRemoval": 30,
    "RecordOutcome": 30,
    "RecordRejection": 30,
    "RecordNotFound": 30,
    "RecordSuperseded": 30,
    "RecordDuplicate": 30,
    "RecordFailure": 30,
}
# Where a state leads when nothing goes wrong; None ends the execution there.
NEXT = {
    "StartEmpty": "ValidateImage",
    "ValidateImage": "NeedsNormalizing",
    "NormalizeImage": "DetectLabels",
    "DetectLabels": "NeedsToWait",
    "WaitForTurn": "DetectLabels",
    "PersistLabels": "PublishReport",
    "PublishReport": "RecordOutcome",
    "RecordOutcome": None,
    "RequestRemoval": "PublishRejection",
    "PublishRejection": "RecordRejection",
    "RecordRejection": "Rejected",
    "RecordNotFound": "Rejected",
    "RecordSuperseded": "Superseded",
    "RecordDuplicate": "Superseded",
    "PublishFailure": "RecordFailure",
    "KeepWithoutReport": "RecordFailure",
    "RecordFailure": "Failed",
}
