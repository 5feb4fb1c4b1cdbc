"""What AWS allows an account in a region, by default in us-east-1."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Quotas:
    """Rates are a second, buckets hold what may come at once.

    Step Functions: docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html; EventBridge: its quotas page and
    eb-rule-retry-policy.html; Lambda: gettingstarted-limits.html; DynamoDB: bp-partition-key-design.html, for one item.
    `rekognition_burst` is what its limiter lets through at once, in seconds of the rate; AWS publishes no number.
    """

    start_bucket: int = 1300
    start_rate: float = 300
    transition_bucket: int = 5000
    transition_rate: float = 1500
    open_executions: int = 1_000_000
    deliveries: float = 18_750
    delivery_seconds: int = 24 * 3600
    functions: int = 1000
    item_writes: float = 1000
    rekognition: float = 50
    rekognition_burst: float = 1.0


class Bucket:
    """A token bucket in virtual time, in seconds; it begins full."""

    def __init__(self, rate: float, capacity: float) -> None:
        self.rate, self.capacity, self.tokens, self.filled_at = rate, capacity, capacity, 0.0

    def take(self, now: float, tokens: float = 1) -> bool:
        """Take tokens if they are there."""
        if now > self.filled_at:
            self.tokens = min(self.capacity, self.tokens + (now - self.filled_at) * self.rate)
            self.filled_at = now
        if self.tokens < tokens:
            return False
        self.tokens -= tokens
        return True

    def delay(self, now: float, tokens: float) -> float:
        """Take tokens on credit; return the seconds until they are there."""
        self.take(now, 0)
        self.tokens -= tokens
        return max(0.0, -self.tokens / self.rate)
