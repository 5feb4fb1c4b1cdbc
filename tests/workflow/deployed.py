"""moto's Step Functions with the workflow, run to the end before StartExecution answers, without waits."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

from tests.moto_aws import mocked
from tests.resources import SETTINGS
from tests.workflow import in_process
from tests.workflow.faults import Faults
from tests.workflow.machine import Machine


@contextmanager
def deployed() -> Iterator[Machine]:
    """Deploy the workflow on moto."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        # An execution runs to its end before StartExecution answers, so that nothing has to be waited for.
        patch.setattr(ExecutionWorker, "start", ExecutionWorker._execution_logic)  # noqa: SLF001  # moto has no switch
        # Parsing takes moto most of an execution's time, and the definition stays the same.
        parse = functools.cache(AmazonStateLanguageParser.parse)
        patch.setattr(AmazonStateLanguageParser, "parse", staticmethod(parse))
        with mocked(stepfunctions={"execute_state_machine": True}):
            yield Machine()


def renew(machine: Machine, patch: pytest.MonkeyPatch) -> None:
    """Empty the queues and forget all faults; retries ask for a wait but do not wait."""
    waits: list[float] = []
    machine.renew(Faults(), waits)
    patch.setattr(retrier_decl, "time", SimpleNamespace(sleep=waits.append))
    in_process.install(patch, machine.faults)
    for name, value in (SETTINGS | {"POWERTOOLS_SERVICE_NAME": "workflow"}).items():
        patch.setenv(name, value)
