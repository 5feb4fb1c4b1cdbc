"""The page docs/permissions.md: the permissions in a synthesized template, a row for each."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

Template = dict[str, Any]
POLICIES = ("PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy")
HEADER = """# Permissions

`make docs` writes this page from the synthesized template, and a test compares them, so a change of permissions
changes this page. Names are those of the constructs in `infra/`; `may not` is a Deny.

| who | | action | on | if |
|---|---|---|---|---|
"""


class Permission(NamedTuple):
    """One row. `who` is a role, a service or everybody; `effect` is `may` or `may not`."""

    who: str
    effect: str
    action: str
    resource: str
    condition: str


def permissions(template: Template) -> list[Permission]:
    """Return every permission that the template gives or denies, sorted."""
    return sorted({row for name, resource in template["Resources"].items() for row in _of(name, resource)})


def table(template: Template) -> str:
    """Return the permissions as a Markdown page."""
    rows = (" | ".join(cell.replace("|", "\\|") for cell in row) for row in permissions(template))
    return HEADER + "".join(f"| {row} |\n" for row in rows)


def _of(name: str, resource: dict[str, Any]) -> Iterator[Permission]:
    properties = resource.get("Properties", {})
    roles = [shown(role) for role in properties.get("Roles", [])]
    for policy in POLICIES:
        for statement in properties.get(policy, {}).get("Statement", []):
            # The policy of a KMS key applies to this key, and calls it `*`.
            own = {**statement, "Resource": plain(name)} if policy == "KeyPolicy" else statement
            yield from _rows(own, roles or _principals(statement), plain(name))


def _rows(statement: dict[str, Any], who: list[str], subject: str) -> Iterator[Permission]:
    effect = {"Allow": "may", "Deny": "may not"}[statement["Effect"]]
    condition = json.dumps(_shown_all(statement["Condition"])) if "Condition" in statement else ""
    for name in who:
        for action in listed(statement["Action"]):
            for resource in listed(statement.get("Resource", subject)):
                yield Permission(name, effect, action, shown(resource), condition)


def _principals(statement: dict[str, Any]) -> list[str]:
    principal = statement["Principal"]
    if isinstance(principal, str):
        return [principal]
    return [shown(name) for names in principal.values() for name in listed(names)]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def shown(value: Any) -> str:
    """Return a template's value in short: `Images/*` for the objects of the bucket `Images`."""
    match value:
        case {"Fn::Join": [str(separator), [*parts]]}:
            return separator.join(shown(part) for part in parts)
        case {"Fn::GetAtt": [str(name), "Arn"]} | {"Ref": str(name)}:
            return plain(name)
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"{plain(name)}.{attribute}"
    return str(value)


def plain(logical_id: str) -> str:
    """Return a logical id without the hash that the CDK adds to it."""
    return re.sub(r"(?<=[a-z])[0-9A-F]{8}$", "", logical_id)


def _shown_all(value: Any) -> Any:
    if isinstance(value, dict) and not value.keys() & {"Fn::Join", "Fn::GetAtt", "Ref"}:
        return {name: _shown_all(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_shown_all(inner) for inner in value]
    return shown(value)
