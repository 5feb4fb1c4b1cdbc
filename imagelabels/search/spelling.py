"""The spellings of a label: the index is case sensitive, and people type labels in any case or by another name.

Colours and quality (colour:red, blurry) are in the index, too.
"""

from string import capwords

from imagelabels.search.aliases import label_of
from imagelabels_shared.image_properties import index_name


def spellings(label: str) -> list[str]:
    """Return a label as typed, then as Rekognition may write it: Hot Dog, T-Shirt, TV; at last Car for Automobile.

    The name of a colour or a quality (colour:red) comes last, so that a photo's own label of that name is found first.
    """
    others = [name for name in (label_of(label), index_name(label)) if name]
    return list(dict.fromkeys([label, capwords(label), label.title(), label.upper(), *others]))
