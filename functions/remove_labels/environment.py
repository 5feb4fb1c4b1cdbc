"""The environment variables of RemoveLabels."""

from dataclasses import dataclass

from imagelabels_shared.environment import AuditQueue, ClaimsTable, ImagesBucket, LabelsTable


@dataclass(frozen=True, kw_only=True)
class RemoveLabelsEnvironment(AuditQueue, ClaimsTable, ImagesBucket, LabelsTable):
    """`state_machine_arn` starts an execution for a version that became the newest again."""

    state_machine_arn: str
