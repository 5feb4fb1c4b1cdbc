"""One cell of the fault matrix."""

from typing import Any, NamedTuple

UPLOADED, REJECTED, DELETED = "uploaded", "rejected", "deleted"


class Cell(NamedTuple):
    """One call of one function with one fault; `rule` is what makes it happen.

    `life` is what happens to the photo: it is uploaded, it is rejected because it is none, or it is deleted again.
    """

    life: str
    function: str
    action: str
    name: str
    rule: dict[str, Any]

    @property
    def uploads(self) -> int:
        return 2 if self.rule["fault"] == "reversed" else 1

    @property
    def executions(self) -> int:
        twice = self.rule["fault"] == "twice" and self.function == "Object Created"
        return 2 if twice or self.rule["fault"] == "reversed" else 1

    @property
    def at_least_one_report(self) -> bool:
        """SNS took the message and its answer was lost: nobody can tell, and a standard topic knows no duplicates."""
        lost = self.rule["fault"] in {"drop", "kill-after"} or self.rule.get("seconds", 0) > 1
        return self.function in {"PublishReport", "SendDigest"} and lost

    @property
    def becomes_a_dead_letter(self) -> bool:
        """A queue's message that fails at every delivery is put aside."""
        mended_by_a_person = self.rule["fault"] in {"outage", "error"} and "last" not in self.rule
        return self.function in {"ArchiveAudit", "RemoveLabels", "SendDigest"} and mended_by_a_person
