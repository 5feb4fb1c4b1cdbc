"""What stands behind the local Rekognition: DetectLabels and DetectCustomLabels for the bytes of a photo."""

from typing import Any, Protocol

# What the server gets when the stack has a Custom Labels model: the ARN of its version.
OWN_MODEL = "OWN_CUSTOM_LABELS_MODEL"
# What an operation takes and answers, as botocore's model of Rekognition has it.
Parameters = dict[str, Any]
Answer = dict[str, Any]


class LabelDetector(Protocol):
    """Something that detects labels: on this machine, or Amazon Rekognition itself; `mode` is its RECOGNIZER=."""

    @property
    def mode(self) -> str: ...

    def detect_labels(self, photo: bytes, parameters: Parameters) -> Answer:
        """Return DetectLabels' answer for a JPEG or PNG; `parameters` are the request's others than Image.

        Raises RefusedError as Rekognition would.
        """
        ...

    def detect_custom_labels(self, photo: bytes, parameters: Parameters) -> Answer:
        """Return DetectCustomLabels' answer in the same way."""
        ...
