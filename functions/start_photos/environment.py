"""The environment variables of StartPhotos."""

from dataclasses import dataclass

from imagelabels_shared.environment import ImagesBucket, LabelsTable


@dataclass(frozen=True, kw_only=True)
class StartPhotosEnvironment(ImagesBucket, LabelsTable):
    """`state_machine_arn` is the state machine `label-image`, which labels each photo."""

    state_machine_arn: str
