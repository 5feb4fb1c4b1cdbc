"""The state machine and its role."""

from aws_cdk import ArnFormat, Aws, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.definition import definition_json
from infra.lambda_function import LOG_RETENTION, LambdaFunction
from infra.nag import acknowledge, wildcard

NAME = "label-image"
ANY_EXECUTION = "An execution gets its name when it starts."


def executions(scope: Construct) -> str:
    """Return the ARN of all executions; by name, because functions that the state machine invokes ask for them."""
    return Stack.of(scope).format_arn(
        service="states",
        resource="execution",
        resource_name=f"{NAME}:*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )


def label_image(
    scope: Construct, *, steps: list[LambdaFunction], audit_trail: sqs.Queue, removals: sqs.Queue
) -> sfn.StateMachine:
    """Make the state machine `label-image`; its role may invoke `steps` and send to `audit_trail` and `removals`."""
    # Under /aws/vendedlogs/ the account's resource policy for logs does not grow with each state machine.
    log_group = logs.LogGroup(
        scope,
        "WorkflowLogs",
        log_group_name=f"/aws/vendedlogs/states/{NAME}",
        retention=LOG_RETENTION,
        removal_policy=RemovalPolicy.DESTROY,
    )
    machine = sfn.StateMachine(
        scope,
        "LabelImage",
        state_machine_name=NAME,
        state_machine_type=sfn.StateMachineType.STANDARD,
        # from_string and not from_file: so linters and tests see the definition inside the template.
        definition_body=sfn.DefinitionBody.from_string(definition_json()),
        definition_substitutions=_substitutions(steps)
        | {
            "AuditQueueUrl": audit_trail.queue_url,
            "Partition": Aws.PARTITION,
            "RemovalQueueUrl": removals.queue_url,
        },
        # Step Functions keeps every state's data as long as the log group would (docs/decisions/2026-11-25-costs.md).
        logs=sfn.LogOptions(destination=log_group, level=sfn.LogLevel.ALL, include_execution_data=False),
        tracing_enabled=True,
    )
    reason = "IAM has no resources for X-Ray and for the delivery of vended logs."
    acknowledge(machine, wildcard(machine, "*"), because=reason)
    functions = [step.function.function_arn for step in steps]
    queues = [audit_trail.queue_arn, removals.queue_arn]
    machine.add_to_role_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=functions))
    machine.add_to_role_policy(iam.PolicyStatement(actions=["sqs:SendMessage"], resources=queues))
    return machine


def _substitutions(steps: list[LambdaFunction]) -> dict[str, str]:
    return {f"{step.node.id}FunctionArn": step.function.function_arn for step in steps}
