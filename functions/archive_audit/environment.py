"""The environment variables of ArchiveAudit."""

from dataclasses import dataclass

from imagelabels_shared.environment import ImagesBucket, LabelsTable


@dataclass(frozen=True, kw_only=True)
class ArchiveAuditEnvironment(ImagesBucket, LabelsTable):
    """`keep_runs_days` is how long the table keeps a run."""

    keep_runs_days: int
