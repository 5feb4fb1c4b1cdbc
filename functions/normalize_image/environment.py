"""The environment variables of NormalizeImage."""

from dataclasses import dataclass

from imagelabels_shared.environment import CustomLabelsModel, WorkBucket


@dataclass(frozen=True, kw_only=True)
class NormalizeImageEnvironment(WorkBucket):
    """The bucket for the converted copy."""


@dataclass(frozen=True, kw_only=True)
class EnvironmentWithCustomLabels(NormalizeImageEnvironment, CustomLabelsModel):
    """The environment of a stack with a Custom Labels model, which takes smaller photos than DetectLabels."""
