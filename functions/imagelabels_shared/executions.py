"""How another execution of the state machine is doing; one that does not exist is neither running nor failed."""

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, client, error_code

RUNNING = "RUNNING"
UNSUCCESSFUL = frozenset({"FAILED", "TIMED_OUT", "ABORTED"})


def is_running(execution: str) -> bool:
    """Return whether an execution (an ARN) runs. Raises what `aws_call` raises."""
    return _status(execution) == RUNNING


def has_failed(execution: str) -> bool:
    """Return whether an execution (an ARN) failed, timed out or was stopped. Raises what `aws_call` raises."""
    return _status(execution) in UNSUCCESSFUL


def _status(execution: str) -> str | None:
    try:
        with aws_call("states:DescribeExecution", execution):
            return str(client("stepfunctions").describe_execution(executionArn=execution)["status"])
    except ClientError as error:
        if error_code(error) != "ExecutionDoesNotExist":
            raise
    return None
