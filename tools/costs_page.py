"""docs/costs.md, made of the parts of `imagelabels_shared.costs` and of the table of prices."""

from imagelabels.paths import ROOT
from imagelabels_shared.costs import (
    PROPERTIES,
    Part,
    of_custom_labels,
    of_metrics,
    of_month,
    of_photo,
    total,
)
from imagelabels_shared.prices import ALARM, CUSTOM_LABELS, IMAGE_PROPERTIES, PRICES

PAGE = ROOT / "docs" / "costs.md"
PHOTOS = 1000
MOST_LABELS = 49
START = """# Costs

List prices of us-east-1, without free tiers. `make docs` writes this page from `prices.py` (what AWS charges) and
`costs.py` (how much of it is used) in `functions/imagelabels_shared/`. `reprocess`, `deploy` and the dashboard compute
with the same. Tests compare transitions, alarms, keys, queues and metrics with the definition and the template. The
logs' size and the seconds of Lambda are estimates: nobody has measured them on AWS.

## 1,000 photos

JPEG or PNG photos that need no conversion, with 20 labels each, uploaded one by one. Without retries, and without the
storage of the photos.

"""
REDUCED = """
[What was reduced, and what was not](decisions/2026-11-25-costs.md).

## Operations

| command | costs |
|---|---|
| `imagelabels reprocess` | at most the price with conversion, said first; rejected photos cost no Rekognition |
| `imagelabels backfill` | the same; beside a Custom Labels model, both also say its price for their time |
| `imagelabels labels` without names | $0.005 for a million items ([why](decisions/2026-11-22-counting-labels.md)) |
| `imagelabels reconcile` | about $0.01 for 100,000 photos of 20 labels ([why](decisions/2026-11-22-reconcile.md)) |

## Prices

"""


def page() -> str:
    """Return the page as Markdown."""
    converted, many = total(of_photo(normalized=True)), total(of_photo(MOST_LABELS))
    metrics, model = of_metrics(), of_custom_labels()
    properties = PHOTOS * total(of_photo(image_properties=True))
    return "".join(
        (
            START,
            _table(of_photo(), PHOTOS, digits=3),
            f"\nWith {MOST_LABELS} labels a photo, {PHOTOS * many:.2f}. ",
            f"With conversion (HEIC, WebP, oversized photos), {PHOTOS * converted:.2f}:\n",
            "one more transition, and 3,008 MB of Lambda memory for seconds.\n",
            f"\nWith [`imageProperties`](image-properties.md), {properties:.2f}: Rekognition's own price for them is\n",
            f"{PHOTOS * IMAGE_PROPERTIES.usd:.2f}, and {PROPERTIES} more items of the table are an estimate.\n",
            "\n## A month without a photo\n\n",
            _table(of_month(), 1, digits=2),
            f"\nCustom metrics come to that: {metrics.what}, up to ${metrics.usd:.2f} a month.\n",
            "Each costs only in the hours in which it is written.\n",
            f"\nWith [`customLabelsModel`](custom-labels.md), the model costs ${CUSTOM_LABELS.usd:.2f} an hour\n",
            "for each inference unit from its start to its stop, with and without photos:\n",
            f"${model.usd:,.0f} for {model.what}.\n",
            "A photo costs nothing more, unless a side is over 4,096 pixels: it is converted then.\n",
            f"The alarm for throttles has a second metric, ${ALARM.usd:.2f} a month.\n",
            REDUCED,
            _prices(),
        )
    )


def _table(parts: list[Part], times: int, *, digits: int) -> str:
    rows = [f"| {part.name} | {times * part.usd:.{digits}f} | {part.what} |" for part in parts]
    together = f"| **together** | **{times * total(parts):.2f}** | |"
    return "\n".join(("| part | dollars | what is counted |", "|---|---|---|", *rows, together, ""))


def _prices() -> str:
    rows = (
        f"| {price.name} | {price.usd:.10f}".rstrip("0").rstrip(".")
        + f" | {price.per:,} | {price.unit} | [{price.as_of}]({price.source}) |"
        for price in PRICES
    )
    return "\n".join(("| price | dollars | for | unit | seen on |", "|---|---|---|---|---|", *rows, ""))


if __name__ == "__main__":
    PAGE.write_text(page())
