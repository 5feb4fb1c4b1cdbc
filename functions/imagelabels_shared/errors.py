"""The errors that the state machine's Retry and Catch match: rejections, superseded runs, temporary faults of AWS.

Step Functions gets the class name and the message only. So each class derives from Exception directly, and its message
is a sentence for a person. A test compares these names with those in the definition.
"""


class ImageNotFoundError(Exception):
    """No photo has this key (or version): none, or a folder. Rejected; mailed only if it was deleted during the run."""


class EmptyImageError(Exception):
    """The object has no bytes. Rejected: the upload was cut off."""


class UnsupportedFormatError(Exception):
    """The bytes are not an image that can be labelled. Rejected: the owner exports it as JPEG or PNG."""


class CorruptImageError(Exception):
    """The bytes start as an image but cannot be read as one. Rejected: the owner uploads an intact copy."""


class ImageTooSmallError(Exception):
    """A side is shorter than Rekognition can see. Rejected: the owner uploads a larger version."""


class ImageTooLargeError(Exception):
    """More bytes or pixels than Rekognition takes. Rejected: the owner uploads a smaller version."""


class ArchivedImageError(Exception):
    """The object is in an archive of S3, unreadable. Rejected: its owner restores it, and it is labelled then."""


# The errors that describe the contents of a file; the sandbox passes them on.
REJECTIONS = (CorruptImageError, ImageTooLargeError, ImageTooSmallError, UnsupportedFormatError)


class SupersededError(Exception):
    """A newer version of the same key is in the bucket. No report: the newer version gets its own."""


class DuplicateEventError(Exception):
    """The event was delivered before, and another execution labels its version. No second report."""


class ThrottledError(Exception):
    """AWS throttled a call. Retried for hours, then a failure."""


class ServiceUnavailableError(Exception):
    """AWS had a fault or did not answer, or another execution wrote the same items. Retried briefly, then a failure."""
