"""The environment variables of DetectLabels."""

from dataclasses import dataclass

from imagelabels_shared.environment import ClaimsTable, CustomLabelsModel, Environment, WorkBucket
from imagelabels_shared.turns.schedule import Limit


@dataclass(frozen=True, kw_only=True)
class DetectLabelsEnvironment(WorkBucket, ClaimsTable):
    """`max_labels` is the most labels of a photo; `min_confidence` is in percent.

    `label_filters` is JSON: GeneralLabels of DetectLabels' Settings. `label_confidence` is JSON: percents by label,
    for labels that have another least confidence than `min_confidence`. `rekognition_per_second` and `backfill_share`
    are those of `Limit`; the rate is that of a Custom Labels model, too.
    """

    max_labels: int
    min_confidence: float
    rekognition_per_second: float
    backfill_share: float
    label_filters: str = "{}"
    label_confidence: str = "{}"

    @property
    def limit(self) -> Limit:
        return Limit(self.rekognition_per_second, self.backfill_share)


@dataclass(frozen=True, kw_only=True)
class EnvironmentWithCustomLabels(DetectLabelsEnvironment, CustomLabelsModel):
    """The environment of a stack with a Custom Labels model."""


@dataclass(frozen=True, kw_only=True)
class WithImageProperties(Environment):
    """What a stack has in addition that asks for dominant colours and quality; `image_properties` is "true"."""

    image_properties: str
