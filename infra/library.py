"""The state machine `label-library`, which labels what is in the bucket already, and its function."""

from aws_cdk import ArnFormat, Aws, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from imagelabels_shared.library import LISTS, RESULTS
from infra.definition import LIBRARY_FILE, definition, definition_json
from infra.lambda_function import LOG_RETENTION, LambdaFunction
from infra.nag import acknowledge, wildcard
from infra.storage import Storage
from infra.workflow import ANY_EXECUTION
from start_photos.environment import StartPhotosEnvironment

NAME = "label-library"
EACH_RUN = "Each run has its own list and its own results."


def label_library(scope: Construct, *, storage: Storage, machine: sfn.StateMachine) -> sfn.StateMachine:
    """Make the state machine, which starts executions of `machine` for the photos of the bucket or of a list."""
    start = start_photos(scope, storage=storage, machine=machine)
    log_group = logs.LogGroup(
        scope,
        "LibraryLogs",
        log_group_name=f"/aws/vendedlogs/states/{NAME}",
        retention=LOG_RETENTION,
        removal_policy=RemovalPolicy.DESTROY,
    )
    library = sfn.StateMachine(
        scope,
        "LabelLibrary",
        state_machine_name=NAME,
        state_machine_type=sfn.StateMachineType.STANDARD,
        definition_body=sfn.DefinitionBody.from_string(definition_json(LIBRARY_FILE)),
        definition_substitutions={
            "ImagesBucketName": storage.images.bucket_name,
            "Partition": Aws.PARTITION,
            "StartPhotosFunctionArn": start.function.function_arn,
            "WorkBucketName": storage.work.bucket_name,
        },
        logs=sfn.LogOptions(destination=log_group, level=sfn.LogLevel.ALL, include_execution_data=False),
        tracing_enabled=True,
    )
    acknowledge(library, wildcard(library, "*"), because="IAM has no resources for X-Ray and for vended logs.")
    _allow(library, ["lambda:InvokeFunction"], start.function.function_arn)
    _allow_reading(library, storage)
    _allow_batches(library)
    return library


def start_photos(scope: Construct, *, storage: Storage, machine: sfn.StateMachine) -> LambdaFunction:
    environment = StartPhotosEnvironment(
        images_bucket=storage.images.bucket_name,
        state_machine_arn=machine.state_machine_arn,
        table_name=storage.labels.table_name,
    )
    function = LambdaFunction(scope, "StartPhotos", environment=environment)
    function.allow("dynamodb:BatchGetItem", "dynamodb:PutItem", on=[storage.labels.table_arn])
    function.allow("states:StartExecution", on=[machine.state_machine_arn])
    return function


def _allow_reading(library: sfn.StateMachine, storage: Storage) -> None:
    """Let the Map states read the listing or a list, and write the results of their batches."""
    _allow(library, ["s3:ListBucket"], storage.images.bucket_arn)
    lists, results = (storage.work.arn_for_objects(f"{folder}/*") for folder in (LISTS, RESULTS))
    _allow(library, ["s3:GetObject"], lists, because=EACH_RUN)
    # docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html lists these.
    writing = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
    _allow(library, writing, results, because=EACH_RUN)


def _allow_batches(library: sfn.StateMachine) -> None:
    """Let the Map states start, watch, stop and redrive the child executions of this state machine.

    By name: the role's policy is made before the state machine. These are what the CDK gives a DistributedMap.
    """
    _allow(library, ["states:StartExecution"], _arn(library, "stateMachine", NAME))
    children = _arn(library, "execution", f"{NAME}:*")
    _allow(library, ["states:DescribeExecution", "states:StopExecution"], children, because=ANY_EXECUTION)
    for label in map_labels():
        redriven = _arn(library, "execution", f"{NAME}/{label}:*")
        _allow(library, ["states:RedriveExecution"], redriven, because=ANY_EXECUTION)


def map_labels() -> list[str]:
    """Return the labels of the Map states; they are part of the ARNs of child executions."""
    return [state["Label"] for state in definition(LIBRARY_FILE)["States"].values() if state["Type"] == "Map"]


def _arn(library: sfn.StateMachine, resource: str, name: str) -> str:
    style = ArnFormat.COLON_RESOURCE_NAME
    return Stack.of(library).format_arn(service="states", resource=resource, resource_name=name, arn_format=style)


def _allow(library: sfn.StateMachine, actions: list[str], resource: str, *, because: str = "") -> None:
    library.add_to_role_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
    if because:
        acknowledge(library, wildcard(library, resource), because=because)
