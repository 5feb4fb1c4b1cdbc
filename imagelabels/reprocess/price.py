"""What running photos again costs on AWS."""

# us-east-1, the first million a month: aws.amazon.com/rekognition/pricing, read 2026-10-07; and
# aws.amazon.com/step-functions/pricing, Standard workflows.
DETECT_LABELS_DOLLARS = 0.001
TRANSITION_DOLLARS = 0.025 / 1000
# The longest way to LABELLED, with normalizing; retries would add to it.
TRANSITIONS = 9


def dollars(photos: int) -> float:
    """Return about what labelling costs: Rekognition's DetectLabels and the state transitions, without free tiers."""
    return round(photos * (DETECT_LABELS_DOLLARS + TRANSITIONS * TRANSITION_DOLLARS), 4)
