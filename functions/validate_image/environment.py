"""The environment variables of ValidateImage."""

from dataclasses import dataclass

from imagelabels_shared.environment import ClaimsTable, ImagesBucket


@dataclass(frozen=True, kw_only=True)
class ValidateImageEnvironment(ClaimsTable, ImagesBucket):
    """The claim of a version, and the bucket of the photo."""
