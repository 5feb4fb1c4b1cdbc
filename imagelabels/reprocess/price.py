"""What it costs on AWS to label photos again."""

from imagelabels_shared.costs import of_photo, total


def dollars(photos: int) -> float:
    """Return about what labelling costs in US dollars, all parts, as if each photo were converted."""
    return round(photos * total(of_photo(normalized=True)), 4)
