"""What it costs on AWS to label photos again."""

from imagelabels_shared.prices import DETECT_LABELS, STATE_TRANSITION, TRANSITIONS_WITH_NORMALIZING


def dollars(photos: int) -> float:
    """Return about what labelling costs in US dollars, without free tiers.

    It counts Rekognition's DetectLabels and the state transitions of the longest way to LABELLED, without retries.
    """
    per_photo = DETECT_LABELS.each + TRANSITIONS_WITH_NORMALIZING * STATE_TRANSITION.each
    return round(photos * per_photo, 4)
