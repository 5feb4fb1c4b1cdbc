"""A stack of which only a state machine and an empty table are there, with as many executions as a test wants."""

import json
from typing import Any

import boto3
from moto.stepfunctions.models import Execution, stepfunctions_backends

from imagelabels.console.source import Source
from imagelabels.stack.connection import Stack

MACHINE = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": True}}}


def stack_in_moto(session: boto3.Session) -> Stack:
    states = session.client("stepfunctions")
    role = "arn:aws:iam::123456789012:role/machine"
    arn = states.create_state_machine(name="label-image", definition=json.dumps(MACHINE), roleArn=role)[
        "stateMachineArn"
    ]
    session.client("dynamodb").create_table(
        TableName="labels",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("image_id", "record")],
        KeySchema=[{"AttributeName": "image_id", "KeyType": "HASH"}, {"AttributeName": "record", "KeyType": "RANGE"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return Stack(session, {"StateMachineArn": arn, "ImagesBucketName": "images", "LabelsTableName": "labels"})


def start(states: Any, machine: str, number: int) -> None:
    states.start_execution(
        stateMachineArn=machine,
        name=f"run-{number:04}",
        input=json.dumps({"bucket": "images", "key": f"{'even' if number % 2 == 0 else 'odd'}/{number}.jpg"}),
    )


def ended(source: Source, count: int, photos: int = 1) -> None:
    """Let there be so many executions of so many photos in all, each ended, every second one without success."""
    machine = stepfunctions_backends["123456789012"]["us-east-1"].describe_state_machine(source.stack.machine)
    place = {"region_name": "us-east-1", "account_id": "123456789012", "state_machine_name": machine.name}
    machine.executions[:] = [
        Execution(
            execution_name=f"run-{number}",
            state_machine_arn=machine.arn,
            execution_input=json.dumps({"bucket": "images", "key": f"{number % photos}.jpg"}),
            **place,
        )
        for number in range(count)
    ]
    for number, one in enumerate(machine.executions):
        one.status, one.stop_date = ("SUCCEEDED", "FAILED")[number % 2], one.start_date
