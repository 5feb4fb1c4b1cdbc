"""What reaches the audit trail without the workflow's help."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

# A record can be read from the queue for at least so long before the archive takes it.
READABLE = Duration.seconds(60)
ARCHIVE_BATCH = 100
# SUCCEEDED says less than the record that every such execution has written, and RUNNING is no end.
ENDS = ["FAILED", "TIMED_OUT", "ABORTED"]


def record_ends(scope: Construct, *, machine: sfn.StateMachine, trail: sqs.Queue, undelivered: sqs.Queue) -> None:
    """Send the status of executions that may have ended without a record to the trail."""
    pattern = events.EventPattern(
        source=["aws.states"],
        detail_type=["Step Functions Execution Status Change"],
        detail={"stateMachineArn": [machine.state_machine_arn], "status": ENDS},
    )
    target = targets.SqsQueue(trail, dead_letter_queue=undelivered)
    events.Rule(scope, "ExecutionEnded", event_pattern=pattern, targets=[target])
