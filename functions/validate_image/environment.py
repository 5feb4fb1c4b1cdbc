"""The environment variables of ValidateImage."""

from dataclasses import dataclass

from imagelabels_shared.environment import ClaimsTable, CustomLabelsModel, ImagesBucket


@dataclass(frozen=True, kw_only=True)
class ValidateImageEnvironment(ClaimsTable, ImagesBucket):
    """The claim of a version, and the bucket of the photo."""


@dataclass(frozen=True, kw_only=True)
class EnvironmentWithCustomLabels(ValidateImageEnvironment, CustomLabelsModel):
    """The environment of a stack with a Custom Labels model, which takes smaller photos than DetectLabels."""
