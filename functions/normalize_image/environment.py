"""The environment variables of NormalizeImage."""

from dataclasses import dataclass

from imagelabels_shared.environment import WorkBucket


@dataclass(frozen=True, kw_only=True)
class NormalizeImageEnvironment(WorkBucket):
    """The bucket for the converted copy."""
