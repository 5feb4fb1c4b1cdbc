"""One cell of the fault matrix."""

from typing import Any, NamedTuple


class Cell(NamedTuple):
    """One call of one function with one fault; `rule` is what makes it happen."""

    function: str
    action: str
    name: str
    rule: dict[str, Any]

    @property
    def uploads(self) -> int:
        return 2 if self.rule["fault"] == "reversed" else 1

    @property
    def executions(self) -> int:
        return 2 if self.rule["fault"] in {"reversed", "twice"} else 1

    @property
    def at_least_one_report(self) -> bool:
        """SNS took the message and its answer was lost: nobody can tell, and a standard topic knows no duplicates."""
        lost = self.rule["fault"] in {"drop", "kill-after"} or self.rule.get("seconds", 0) > 1
        return self.function == "PublishReport" and lost
