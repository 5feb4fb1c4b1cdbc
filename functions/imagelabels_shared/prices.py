"""What AWS charges: the only table of prices, for `imagelabels`, `infra` and the pages of `docs/`.

Prices are those of us-east-1, in US dollars, of the first tier and without the free tier.
`imagelabels_shared.costs` says how much of each a photo and a month need.
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


def _price(name: str, usd: float, per: int, unit: str, page: str, as_of: date = date(2026, 11, 22)) -> Price:
    return Price(name=name, usd=usd, per=per, unit=unit, source=f"https://aws.amazon.com/{page}/pricing/", as_of=as_of)


MILLION = 1_000_000
DETECT_LABELS = _price("Amazon Rekognition, DetectLabels", 0.001, 1, "image", "rekognition", date(2026, 10, 7))
# Beside DetectLabels, for each image whose IMAGE_PROPERTIES are asked for; not in the free tier.
IMAGE_PROPERTIES = _price("Amazon Rekognition, Image Properties", 0.00075, 1, "image", "rekognition", date(2026, 10, 7))
# Seen in copies of the page alone, of which the oldest is of 2021.
CUSTOM_LABELS = _price(
    "Amazon Rekognition, running model", 4.00, 1, "inference unit and hour", "rekognition", date(2026, 11, 25)
)
STATE_TRANSITION = _price("AWS Step Functions, Standard workflow", 0.025, 1000, "state transition", "step-functions")
WRITE_REQUEST_UNIT = _price("Amazon DynamoDB, write on demand", 0.625, MILLION, "write request unit", "dynamodb")
READ_REQUEST_UNIT = _price("Amazon DynamoDB, read on demand", 0.125, MILLION, "read request unit", "dynamodb")
FUNCTION_GB_SECOND = _price("AWS Lambda, arm64", 0.0000133334, 1, "GB-second", "lambda")
FUNCTION_REQUEST = _price("AWS Lambda, requests", 0.20, MILLION, "request", "lambda")
S3_WRITE = _price("Amazon S3, PUT", 0.005, 1000, "request", "s3")
S3_READ = _price("Amazon S3, GET and HEAD", 0.0004, 1000, "request", "s3")
MAIL = _price("Amazon SNS, email", 2.00, 100_000, "mail", "sns")
PUBLISH = _price("Amazon SNS, publish", 0.50, MILLION, "request", "sns")
QUEUE_REQUEST = _price("Amazon SQS, standard queue", 0.40, MILLION, "request", "sqs")
EVENT = _price("Amazon EventBridge, opt-in data event", 1.00, MILLION, "event", "eventbridge")
TRACE = _price("AWS X-Ray", 5.00, MILLION, "trace", "xray")
LOG_GB = _price("Amazon CloudWatch Logs, ingestion", 0.50, 1, "GB", "cloudwatch")
ALARM = _price("Amazon CloudWatch, alarm", 0.10, 1, "metric of an alarm and month", "cloudwatch")
METRIC = _price("Amazon CloudWatch, custom metric", 0.30, 1, "metric and month", "cloudwatch")
KEY = _price("AWS KMS, customer managed key", 1.00, 1, "key and month", "kms")
PRICES = tuple(value for value in vars().values() if isinstance(value, Price))
