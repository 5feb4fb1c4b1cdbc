"""What a check of the deployed stack says."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One thing looked at: in a sentence what it is, or what to do, and whether it is as it must be."""

    check: str
    says: str
    well: bool
