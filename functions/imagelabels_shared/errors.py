"""The names that the workflow's Retry and Catch match: a rejection, an order of events, or the weather.

Step Functions sees the class name and the message, nothing else, so each class is a flat leaf and is
raised with a sentence that a person understands. Every name here stands in the definition, and the
other way round; a test holds the two together.
"""


class ImageNotFoundError(Exception):
    """No object has this key (or version). Rejected, and mailed only if the photo went during the run."""


class EmptyImageError(Exception):
    """The object has no bytes. Rejected: the upload was cut off, or a folder marker was uploaded."""


class UnsupportedFormatError(Exception):
    """The bytes are not an image that can be labelled. Rejected: the owner exports it as JPEG or PNG."""


class CorruptImageError(Exception):
    """The bytes start as an image but cannot be read as one. Rejected: the owner uploads an intact copy."""


class ImageTooSmallError(Exception):
    """A side is shorter than Rekognition can see. Rejected: the owner uploads a larger version."""


class ImageTooLargeError(Exception):
    """More bytes or pixels than Rekognition takes. Rejected: the owner uploads a smaller version."""


# What the contents of a file can be refused for.
REJECTIONS = (CorruptImageError, ImageTooLargeError, ImageTooSmallError, UnsupportedFormatError)


class SupersededError(Exception):
    """A newer version of the same key is in the bucket. No report: the newer version gets its own."""


class DuplicateEventError(Exception):
    """The event was delivered before, and another execution labels its version. No second report."""


class ThrottledError(Exception):
    """AWS asked us to slow down. Retried for hours, then a failure."""


class ServiceUnavailableError(Exception):
    """AWS had a fault, did not answer, or another execution held the item. Retried briefly, then a failure."""
