"""The workflow on moto's interpreter: a second opinion on the definition, in this process."""

import functools
from collections.abc import Iterator
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
from tests.workflow.missing_path import name_missing_paths


@pytest.fixture(scope="module")
def _deployed() -> Iterator[Machine]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        # An execution runs to its end before StartExecution answers, so that nothing has to be waited for.
        patch.setattr(ExecutionWorker, "start", ExecutionWorker._execution_logic)  # noqa: SLF001  # moto has no switch
        # Parsing takes moto most of an execution's time, and the definition stays the same.
        parse = functools.cache(AmazonStateLanguageParser.parse)
        patch.setattr(AmazonStateLanguageParser, "parse", staticmethod(parse))
        name_missing_paths(patch)
        with mocked(stepfunctions={"execute_state_machine": True}):
            yield Machine()


@pytest.fixture
def machine(_deployed: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """The deployed workflow, with empty queues and no faults; retries ask for a wait but do not wait."""
    waits: list[float] = []
    _deployed.renew(Faults(), waits)
    monkeypatch.setattr(retrier_decl, "time", SimpleNamespace(sleep=waits.append))
    in_process.install(monkeypatch, _deployed.faults)
    for name, value in (SETTINGS | {"POWERTOOLS_SERVICE_NAME": "workflow"}).items():
        monkeypatch.setenv(name, value)
    return _deployed
