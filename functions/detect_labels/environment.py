"""The environment variables of DetectLabels."""

from dataclasses import dataclass

from imagelabels_shared.environment import WorkBucket


@dataclass(frozen=True, kw_only=True)
class DetectLabelsEnvironment(WorkBucket):
    """`max_labels` is the most labels of a photo; `min_confidence` is in percent."""

    max_labels: int
    min_confidence: float
