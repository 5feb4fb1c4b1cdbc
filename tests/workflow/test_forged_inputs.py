"""Whoever may start executions and nothing else changes nothing about a photo, and has no say in what people read."""

import json
from typing import Any

import pytest
from hypothesis import given

from tests.forgery import FIFTY, FORMS, MARK, inputs, name
from tests.pictures import picture
from tests.resources import CLAIMS
from tests.workflow.machine import IMAGES, Machine, object_created


@pytest.mark.soak
def test_fifty_forged_inputs_leave_no_trace_but_a_record_of_their_own(machine: Machine) -> None:
    version = machine.put("victim.jpg", picture())
    genuine = machine.run(object_created("victim.jpg", version))
    machine.renew(machine.faults, machine.waits)
    before = everything(machine)

    @FIFTY
    @given(inputs({"bucket": IMAGES, "key": "victim.jpg", "versionId": version, "execution": genuine.arn}), FORMS)
    def forge(forged: Any, form: str) -> None:
        execution = machine.run(forged, name(form))
        (record,) = machine.audit_records()
        assert set(record["image"].values()) <= {None}
        assert record["execution"] == execution.arn
        told = json.dumps([record, *machine.reports()])
        assert MARK not in told
        assert "victim" not in told
        assert machine.removals() == []
        assert everything(machine) == before

    forge()


def everything(machine: Machine) -> list[Any]:
    """Return all that both tables hold."""
    client = machine.table.meta.client
    return [client.scan(TableName=name)["Items"] for name in (machine.table.name, CLAIMS)]
