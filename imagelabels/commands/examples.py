"""Two examples for each command, at the end of its help; a test runs them on a local stack."""

from itertools import chain

EXAMPLES = {
    "run": ("imagelabels run", "imagelabels run --images holiday/ --once"),
    "upload": ("imagelabels upload beach.jpg", "imagelabels upload holiday/ --prefix 2026/"),
    "watch": ("imagelabels watch --failed", "imagelabels watch --limit 5 --json"),
    "console": ("imagelabels console", "imagelabels console --port 8080"),
    "show": ("imagelabels show beach.jpg", "imagelabels show beach.jpg --out boxes.jpg"),
    "search": ("imagelabels search person AND NOT dog --min 90", 'imagelabels search "face OR dog" --since 7d'),
    "labels": ("imagelabels labels", "imagelabels labels person face --min 90"),
    "reprocess": ("imagelabels reprocess beach.jpg", "imagelabels reprocess --prefix 2026/ --dry-run"),
    "backfill": ("imagelabels backfill --prefix 2024/ --dry-run", "imagelabels backfill --prefix 2024/ --since 7d"),
    "cost": ("imagelabels cost", "imagelabels cost --limit 20 --json"),
    "doctor": ("imagelabels doctor", "imagelabels doctor --no-photo --json"),
    "bootstrap": ("imagelabels bootstrap", "AWS_REGION=eu-west-1 imagelabels bootstrap"),
    "deploy": (
        "imagelabels deploy --email you@example.com",
        'imagelabels deploy --email you@example.com --stage prod --settings "digestSeconds=0"',
    ),
    "diff": (
        "imagelabels diff --email you@example.com",
        'imagelabels diff --email you@example.com --settings "minConfidence=80"',
    ),
    "destroy": ("imagelabels destroy", "AWS_REGION=eu-west-1 imagelabels destroy"),
    "subscribe": ("imagelabels subscribe you@example.com", "imagelabels subscribe ops@example.com --operators"),
    "trail": ("imagelabels trail beach.jpg", "imagelabels trail beach.jpg --json"),
    "dead_letters": ("imagelabels dead-letters", "imagelabels dead-letters --send-back"),
    "reconcile": ("imagelabels reconcile", "imagelabels reconcile --grace 60 --fix"),
}


def examples(command: str) -> str:
    """Return the end of a command's help; each example is a paragraph of its own."""
    return "\n\n".join(chain(["Examples:"], EXAMPLES[command])) if command in EXAMPLES else ""
