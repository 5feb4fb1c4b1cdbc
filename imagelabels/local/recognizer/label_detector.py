"""What stands behind the local Rekognition: DetectLabels for the bytes of a photo."""

from typing import Any, Protocol

# What DetectLabels takes and answers, as botocore's model of Rekognition has it.
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
