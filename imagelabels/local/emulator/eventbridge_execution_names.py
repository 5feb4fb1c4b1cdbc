import json
import uuid

from ministack.services import eventbridge, stepfunctions


def apply() -> None:
    """Name an execution that a rule starts by its event.

    AWS: the service names the execution, `EVENT-ID_UUID`. AWS does not document this form; executions on AWS show it.
    The emulator: the name is one UUID.
    Source: stackoverflow.com/a/66268288
    """

    def start(state_machine_arn: str, event: str) -> None:
        if stepfunctions._resolve_state_machine_arn(state_machine_arn) is not None:  # noqa: SLF001
            name = f"{json.loads(event)['id']}_{uuid.uuid4()}"
            stepfunctions._start_execution(  # noqa: SLF001
                {"stateMachineArn": state_machine_arn, "input": event, "name": name}
            )

    eventbridge._dispatch_to_stepfunctions = start  # noqa: SLF001
