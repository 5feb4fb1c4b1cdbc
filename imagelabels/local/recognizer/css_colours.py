"""CSS's colours by a simple name, as Rekognition has 12 simplified colours; which ones, AWS does not say."""

import functools

from PIL import ImageColor

SIMPLIFIED = {
    "black": "black",
    "blue": "blue cornflowerblue darkblue darkslateblue deepskyblue dodgerblue lightblue lightskyblue lightsteelblue "
    "mediumblue mediumslateblue midnightblue navy powderblue royalblue skyblue slateblue steelblue",
    "brown": "brown burlywood chocolate darkgoldenrod maroon peru rosybrown saddlebrown sienna tan",
    "cyan": "aqua cadetblue darkcyan darkturquoise lightcyan lightseagreen mediumturquoise paleturquoise teal "
    "turquoise",
    "gray": "darkgray darkslategray dimgray gainsboro gray lightgray lightslategray silver slategray",
    "green": "aquamarine chartreuse darkgreen darkolivegreen darkseagreen forestgreen green greenyellow lawngreen "
    "lightgreen lime limegreen mediumaquamarine mediumseagreen mediumspringgreen olive olivedrab palegreen seagreen "
    "springgreen yellowgreen",
    "orange": "bisque blanchedalmond coral darkorange darksalmon goldenrod lightsalmon moccasin navajowhite orange "
    "orangered papayawhip peachpuff salmon sandybrown wheat",
    "pink": "deeppink hotpink lightcoral lightpink mistyrose palevioletred pink",
    "purple": "blueviolet darkmagenta darkorchid darkviolet fuchsia indigo mediumorchid mediumpurple mediumvioletred "
    "orchid plum purple rebeccapurple thistle violet",
    "red": "crimson darkred firebrick indianred red tomato",
    "white": "aliceblue antiquewhite azure beige floralwhite ghostwhite honeydew ivory lavender lavenderblush linen "
    "mintcream oldlace seashell snow white whitesmoke",
    "yellow": "cornsilk darkkhaki gold khaki lemonchiffon lightgoldenrodyellow lightyellow palegoldenrod yellow",
}


@functools.cache
def css_colours() -> dict[str, tuple[str, tuple[int, ...]]]:
    """Return CSS's colours by name: the simplified name, and red, green and blue from 0 to 255."""
    return {
        name: (simple, ImageColor.getrgb(name)[:3]) for simple, names in SIMPLIFIED.items() for name in names.split()
    }
