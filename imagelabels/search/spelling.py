"""The spellings of a label: the index is case sensitive, and people type labels in any case."""

from string import capwords


def spellings(label: str) -> list[str]:
    """Return a label as typed, then as Rekognition may write it: Hot Dog, T-Shirt, TV."""
    return list(dict.fromkeys([label, capwords(label), label.title(), label.upper()]))
