"""The spellings of a label: the index is case sensitive, and people type labels in any case or by another name."""

from string import capwords

from imagelabels.search.aliases import label_of


def spellings(label: str) -> list[str]:
    """Return a label as typed, then as Rekognition may write it: Hot Dog, T-Shirt, TV; at last Car for Automobile."""
    known = label_of(label)
    return list(dict.fromkeys([label, capwords(label), label.title(), label.upper(), *([known] if known else [])]))
