from typing import Any

from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

TABLE = "AWS::DynamoDB::Table"


def apply() -> None:
    """Refuse CloudFormation the deletion of a table with deletion protection.

    AWS: DeleteTable refuses it, so the deletion or the rollback of the stack fails.
    The emulator: CloudFormation deletes the table.
    Source: docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
    """
    handler = provisioners._RESOURCE_HANDLERS[TABLE]  # noqa: SLF001  # what CloudFormation does with a table
    delete = handler["delete"]

    def delete_unless_protected(physical_id: str, properties: dict[str, Any]) -> None:
        table = dynamodb._tables.get(physical_id) or {}  # noqa: SLF001
        if table.get("DeletionProtectionEnabled"):
            raise ValueError(f"Resource cannot be deleted as it is currently protected against deletion: {physical_id}")
        delete(physical_id, properties)

    handler["delete"] = delete_unless_protected
