"""Numbers and labels in words: percent, counts and sizes."""

from imagelabels_shared.models import Label

KIB = 1024
# 99.9 is shown as 99 %, not rounded to 100 %.
ALMOST_SURE = 99
FULLY_SURE = 100


def percent(confidence: float) -> str:
    return f"{FULLY_SURE if confidence >= FULLY_SURE else min(round(confidence), ALMOST_SURE)} %"


def counted(label: Label) -> str:
    """Return a label's name, with its number of boxes when there are several."""
    return f"{label['name']} × {label['instances']}" if label["instances"] > 1 else label["name"]


def shown(label: Label) -> str:
    """Return a label with its count, and its parents in brackets."""
    return counted(label) + (f" ({', '.join(label['parents'])})" if label["parents"] else "")


def size(count: int) -> str:
    """Return a number of bytes with its unit: bytes, KiB or MiB."""
    if count < KIB:
        return f"{count} bytes"
    return f"{count / KIB:.0f} KiB" if count < KIB * KIB else f"{count / KIB / KIB:.1f} MiB"
