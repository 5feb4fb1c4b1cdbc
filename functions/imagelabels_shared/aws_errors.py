"""What each error code of the AWS calls that functions make means to the workflow.

A test compares this table with botocore's models: every error of every call is in it. Codes that no model names are
from the services' own pages (S3's "Error responses", "Common errors" of the other services). SQS has two codes for some
errors, because its clients also understand those of its older protocol.
"""

from enum import Enum, auto


class Kind(Enum):
    """What the workflow does about an error.

    THROTTLE is retried for hours, TRANSIENT briefly. DENIAL, a missing permission, and FAULT go to the operators at
    once. REJECTION is about the photo. ANSWER is what the caller asked for: whether something exists, or has changed.
    """

    THROTTLE = auto()
    TRANSIENT = auto()
    DENIAL = auto()
    FAULT = auto()
    REJECTION = auto()
    ANSWER = auto()


CODES: dict[Kind, frozenset[str]] = {
    Kind.THROTTLE: frozenset(
        {
            # S3's SlowDown in the answer to a HEAD request, which has no body.
            "503",
            "BandwidthLimitExceeded",
            "EC2ThrottledException",
            # Too many executions run at the same time.
            "ExecutionLimitExceeded",
            "KMS.ThrottlingException",
            "KMSThrottling",
            "KMSThrottlingException",
            "KmsThrottled",
            "KmsThrottlingException",
            "PriorRequestNotComplete",
            "ProvisionedThroughputExceededException",
            "RequestLimitExceeded",
            "RequestThrottled",
            "RequestThrottledException",
            "SlowDown",
            "Throttled",
            "ThrottledException",
            "Throttling",
            "ThrottlingException",
            "TooManyRequestsException",
        }
    ),
    Kind.TRANSIENT: frozenset(
        {
            # The credentials of a function that was frozen, or its clock; the next attempt has new ones.
            "ExpiredToken",
            "ExpiredTokenException",
            "RequestExpired",
            "RequestTimeTooSkewed",
            # A role that was made seconds ago.
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "InternalError",
            "InternalErrorException",
            "InternalFailure",
            "InternalServerError",
            "OperationAborted",
            "ReplicatedWriteConflictException",
            "RequestAbortedException",
            "RequestTimeout",
            "RequestTimeoutException",
            "ServiceUnavailable",
            "TransactionConflictException",
            "TransactionInProgressException",
        }
    ),
    Kind.DENIAL: frozenset(
        {
            "403",
            "AccessDenied",
            "AccessDeniedException",
            "AuthorizationError",
            "AuthorizationErrorException",
            "KMS.AccessDeniedException",
            "KMSAccessDenied",
            "KMSAccessDeniedException",
            "KmsAccessDenied",
            "KmsAccessDeniedException",
            "NotAuthorized",
        }
    ),
    Kind.REJECTION: frozenset(
        {
            "ImageTooLargeException",
            "InvalidImageFormatException",
            "InvalidObjectState",
            "InvalidS3ObjectException",
        }
    ),
    Kind.ANSWER: frozenset(
        {
            "404",
            "ConditionalCheckFailedException",
            "ExecutionAlreadyExists",
            "ExecutionDoesNotExist",
            "NoSuchKey",
            "NoSuchVersion",
            # Its reasons say what it is: imagelabels_shared.table.labels.
            "TransactionCanceledException",
        }
    ),
    Kind.FAULT: frozenset(
        {
            *("AccountSuspendedException", "BadRequestException", "EncryptionTypeMismatch", "EndpointDisabled"),
            *("EndpointDisabledException", "IdempotentParameterMismatchException", "InvalidAddress", "InvalidArn"),
            *("InvalidExecutionInput", "InvalidMessageContents", "InvalidName", "InvalidParameter"),
            *("InvalidParameterException", "InvalidParameterValueException", "InvalidRequest", "InvalidSecurity"),
            *("InvalidSecurityException", "InvalidWriteOffset", "ItemCollectionSizeLimitExceededException"),
            *("KMS.DisabledException", "KMS.InvalidStateException", "KMS.NotFoundException", "KMS.OptInRequired"),
            *("KMSDisabled", "KMSDisabledException", "KMSInvalidState", "KMSInvalidStateException", "KMSNotFound"),
            *("KMSNotFoundException", "KMSOptInRequired", "KmsDisabled", "KmsInvalidKeyUsage", "KmsInvalidState"),
            *("KmsInvalidStateException", "KmsNotFound", "KmsOptInRequired", "LimitExceededException"),
            *("MailFromDomainNotVerifiedException", "MessageRejected", "NotFound", "NotFoundException"),
            *("ParameterValueInvalid", "PlatformApplicationDisabled", "PlatformApplicationDisabledException"),
            *("QueueDoesNotExist", "ResourceNotFoundException", "SendingPausedException", "StateMachineDeleting"),
            # A Custom Labels model that does not run: a person has to start it.
            *(
                "ResourceNotReadyException",
                "StateMachineDoesNotExist",
                "TooManyParts",
                "UnsupportedOperation",
                "ValidationException",
            ),
        }
    ),
}
KINDS = {code: kind for kind, codes in CODES.items() for code in codes}
SERVER_FAULT = 500


def kind_of(code: str, status: int) -> Kind:
    """Return what an error means. A code that is not in the table is judged by its HTTP status."""
    return KINDS.get(code, Kind.TRANSIENT if status >= SERVER_FAULT else Kind.FAULT)
