from typing import Any

from ministack.core.responses import now_iso
from ministack.services import cloudformation
from ministack.services.cloudformation import handlers

ACTION, FAILED = "ListStackResources", "DELETE_FAILED"
# In the emulator's record of a stack: ours, and its own for what a rollback could not delete.
GONE, NOT_ROLLED_BACK = "_gone_resources", "_rollback_failed"


def apply() -> None:
    """List, when a deletion or a rollback failed, what it deleted and what it could not delete.

    AWS: ListStackResources has what was deleted, with the status DELETE_COMPLETE (DELETE_SKIPPED for what stays), and
    what a rollback could not delete, which the deletion of the stack tries again.
    The emulator: it lists what the deletion of a stack could not delete, and nothing after a rollback.
    Source: github.com/rebuy-de/aws-nuke/issues/270
    """
    delete = handlers._delete_stack_async  # noqa: SLF001  # it deletes the resources one by one
    listed = handlers._ACTION_HANDLERS[ACTION]  # noqa: SLF001

    async def delete_and_remember(stack_name: str, *rest: Any, **named: Any) -> None:
        stack = cloudformation._stacks.get(stack_name) or {"StackStatus": "", "_resources": {}}  # noqa: SLF001
        stack["_resources"] = {**_not_rolled_back(stack), **stack["_resources"]}
        before = dict(stack["_resources"])
        stack.pop(NOT_ROLLED_BACK, None)
        await delete(stack_name, *rest, **named)
        if stack["StackStatus"] == FAILED:
            gone = {name: found for name, found in before.items() if name not in stack["_resources"]}
            stack.setdefault(GONE, {}).update({name: found | _status(stack, name) for name, found in gone.items()})

    def listed_with_gone(params: Any) -> Any:
        stack = handlers._resolve_stack(handlers._p(params, "StackName")) or {}  # noqa: SLF001
        left = stack.get("_resources", {})
        stack["_resources"] = {**stack.get(GONE, {}), **_not_rolled_back(stack), **left}
        try:
            return listed(params)
        finally:
            stack["_resources"] = left

    handlers._delete_stack_async = delete_and_remember  # noqa: SLF001
    handlers._ACTION_HANDLERS[ACTION] = listed_with_gone  # noqa: SLF001


def _not_rolled_back(stack: dict[str, Any]) -> dict[str, Any]:
    """Return the resources that a rollback could not delete, as the emulator records others."""
    status = {"ResourceStatus": FAILED, "Timestamp": now_iso()}
    return {name: found | status for name, found in stack.get(NOT_ROLLED_BACK, {}).items()}


def _status(stack: dict[str, Any], name: str) -> dict[str, str]:
    resource = stack.get("_template", {}).get("Resources", {}).get(name, {})
    stays = str(resource.get("DeletionPolicy", "")).startswith("Retain")
    return {"ResourceStatus": "DELETE_SKIPPED" if stays else "DELETE_COMPLETE"}
