"""The environment variables of PersistLabels."""

from dataclasses import dataclass

from imagelabels_shared.environment import ClaimsTable, LabelsTable


@dataclass(frozen=True, kw_only=True)
class PersistLabelsEnvironment(LabelsTable, ClaimsTable):
    """The labels, and the claims, where a removal leaves its mark."""
