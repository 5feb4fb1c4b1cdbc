"""Labels are case sensitive in the index; people's fingers are not."""

from string import capwords


def spellings(label: str) -> list[str]:
    """Return a label as typed, then as Rekognition may write it: Hot Dog, T-Shirt, TV."""
    return list(dict.fromkeys([label, capwords(label), label.title(), label.upper()]))
