"""What a person may choose at deploy time (CDK context), checked before anything is synthesized."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from constructs import Node  # starts Node.js

# One transaction replaces a photo's labels: at most 100 actions (TransactWriteItems), so the image
# item, as many new labels and as many stale ones must fit.
MOST_LABELS = 49
FULLY_SURE = 100
STAGES = ("dev", "prod")
# Ten years; never for ever, because runs tell the labels of photos that were deleted since.
LONGEST_KEPT_DAYS = 3650
# The longest batching window of Lambda's SQS event source.
LONGEST_DIGEST_SECONDS = 300
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`min_confidence` in percent. `operators_email` gets alarms and failures, else `report_email` does, else nobody.

    Reports of `digest_seconds` become one mail; 0 mails each one at once. With `report_sender` SES mails them as HTML.
    Runs are kept in the table for `keep_runs_days`.
    """

    report_email: str = ""
    operators_email: str = ""
    report_sender: str = ""
    digest_seconds: int = 60
    min_confidence: float = 70
    max_labels: int = 20
    keep_runs_days: int = 365
    stage: str = "dev"

    def __post_init__(self) -> None:
        _require(
            not self.report_email or EMAIL.fullmatch(self.report_email),
            "reportEmail must be an e-mail address",
        )
        _require(
            not self.operators_email or EMAIL.fullmatch(self.operators_email),
            "operatorsEmail must be an e-mail address",
        )
        _require(
            not self.report_sender or EMAIL.fullmatch(self.report_sender),
            "reportSender must be an e-mail address",
        )
        _require(not self.report_sender or self.report_email, "reportSender needs a reportEmail to send to")
        _require(
            0 <= self.digest_seconds <= LONGEST_DIGEST_SECONDS,
            f"digestSeconds must be from 0 to {LONGEST_DIGEST_SECONDS}",
        )
        _require(0 <= self.min_confidence <= FULLY_SURE, "minConfidence must be from 0 to 100")
        _require(1 <= self.max_labels <= MOST_LABELS, f"maxLabels must be from 1 to {MOST_LABELS}")
        _require(1 <= self.keep_runs_days <= LONGEST_KEPT_DAYS, f"keepRunsDays must be from 1 to {LONGEST_KEPT_DAYS}")
        _require(self.stage in STAGES, f"stage must be one of {', '.join(STAGES)}")

    @classmethod
    def from_context(cls, node: "Node") -> "Settings":
        """Read the context; raises ValueError with one sentence for a value that cannot be used."""
        return cls(
            report_email=str(node.try_get_context("reportEmail") or ""),
            operators_email=str(node.try_get_context("operatorsEmail") or ""),
            report_sender=str(node.try_get_context("reportSender") or ""),
            digest_seconds=_number(node, "digestSeconds", int, cls.digest_seconds),
            min_confidence=_number(node, "minConfidence", float, cls.min_confidence),
            max_labels=_number(node, "maxLabels", int, cls.max_labels),
            keep_runs_days=_number(node, "keepRunsDays", int, cls.keep_runs_days),
            stage=str(node.try_get_context("stage") or cls.stage),
        )


def _number(node: "Node", name: str, kind: type, default: Any) -> Any:
    value = node.try_get_context(name)
    if value is None:
        return default
    try:
        return kind(value)
    except ValueError:
        raise ValueError(f"{name} must be a number, not {value!r}.") from None


def _require(condition: object, sentence: str) -> None:
    if not condition:
        raise ValueError(f"{sentence}.")
