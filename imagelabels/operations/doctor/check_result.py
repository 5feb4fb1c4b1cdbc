"""What a check of the deployed stack returns."""

from typing import NamedTuple


class CheckResult(NamedTuple):
    """One thing that was checked: whether it is well, and a sentence that says how it is, or what to do."""

    check: str
    says: str
    well: bool
