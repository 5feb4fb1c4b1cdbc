"""Parts of a synthesized template."""

from typing import Any

from tools.permissions import Template


def of_type(template: Template, kind: str) -> list[dict[str, Any]]:
    """Return the properties of each resource of a type."""
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]
