"""The environment variables of DetectLabels."""

from dataclasses import dataclass

from imagelabels_shared.environment import CustomLabelsModel, WorkBucket


@dataclass(frozen=True, kw_only=True)
class DetectLabelsEnvironment(WorkBucket):
    """`max_labels` is the most labels of a photo; `min_confidence` is in percent.

    `label_filters` is JSON: GeneralLabels of DetectLabels' Settings. `label_confidence` is JSON: percents by label,
    for labels that have another least confidence than `min_confidence`.
    """

    max_labels: int
    min_confidence: float
    label_filters: str = "{}"
    label_confidence: str = "{}"


@dataclass(frozen=True, kw_only=True)
class EnvironmentWithCustomLabels(DetectLabelsEnvironment, CustomLabelsModel):
    """The environment of a stack with a Custom Labels model."""
