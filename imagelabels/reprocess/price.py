"""What it costs on AWS to label photos again."""

from imagelabels.stack.connection import Stack
from imagelabels.words import usd
from imagelabels_shared.costs import of_photo, of_rekognition, total
from imagelabels_shared.prices import CUSTOM_LABELS

SECONDS_OF_AN_HOUR = 3600
CENT = 0.01


def dollars(photos: int, *, image_properties: bool = False) -> float:
    """Return about what labelling costs in US dollars, all parts, as if each photo were converted."""
    return round(photos * total(of_photo(normalized=True, image_properties=image_properties)), 4)


def dollars_of(stack: Stack, photos: int) -> float:
    """Return the same for a stack: it may ask for colours and quality, too."""
    return dollars(photos, image_properties=stack.image_properties)


def cost(stack: Stack, photos: int) -> str:
    """Return the same in words, and what a local stack takes: only Amazon Rekognition's part, when it is asked."""
    on_aws = f"about {usd(dollars_of(stack, photos))} on AWS"
    if not stack.endpoint:
        return on_aws
    paid = stack.outputs.get("recognizer") == "rekognition"
    each = of_rekognition(image_properties=stack.image_properties).usd
    here = f"{usd(photos * each)} for Amazon Rekognition" if paid else "nothing"
    return f"{here} on this machine, {on_aws}"


def beside(stack: Stack, seconds: float) -> str:
    """Return the sentence on what costs by the hour beside the photos, for a stack with a Custom Labels model."""
    if not stack.setting("customLabelsModel"):
        return ""
    amount = CUSTOM_LABELS.usd * seconds / SECONDS_OF_AN_HOUR
    this_time = f": about {usd(amount)} for this time" if amount >= CENT else ""
    return (
        f" The Custom Labels model must run meanwhile, and costs {usd(CUSTOM_LABELS.usd)} an hour for each inference "
        f"unit from its start to its stop{this_time}."
    )
