"""What AWS charges, and how much a photo uses: the only table of prices, for `imagelabels` and for `infra`.

Prices are those of us-east-1, in US dollars, of the first tier and without the free tier.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Price:
    """`usd` for `per` of `unit`, as the page `source` said on the day `as_of`."""

    name: str
    usd: float
    per: int
    unit: str
    source: str
    as_of: date

    @property
    def each(self) -> float:
        """US dollars for one `unit`."""
        return self.usd / self.per


DETECT_LABELS = Price(
    name="Amazon Rekognition, DetectLabels",
    usd=0.001,
    per=1,
    unit="image",
    source="https://aws.amazon.com/rekognition/pricing/",
    as_of=date(2026, 10, 7),
)
STATE_TRANSITION = Price(
    name="AWS Step Functions, Standard workflow",
    usd=0.025,
    per=1000,
    unit="state transition",
    source="https://aws.amazon.com/step-functions/pricing/",
    as_of=date(2026, 11, 22),
)
READ_REQUEST_UNIT = Price(
    name="Amazon DynamoDB, read on demand",
    usd=0.125,
    per=1_000_000,
    unit="read request unit",
    source="https://aws.amazon.com/dynamodb/pricing/on-demand/",
    as_of=date(2026, 11, 22),
)
PRICES = (DETECT_LABELS, STATE_TRANSITION, READ_REQUEST_UNIT)

# Of an execution that ends LABELLED: one transition for the start and one for each state; a retry adds one.
TRANSITIONS = 8
TRANSITIONS_WITH_NORMALIZING = 9
