"""One local stack for the tests here that ask for it, one for those of the commands, one with optional settings."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from imagelabels.local.engine import running
from imagelabels.local.server_process import LOG
from imagelabels.upload.files import samples
from tests.e2e.stack import Stack
from tests.local.onnx_file import colours

# One mail per photo, as soon as it is reported.
EACH_AT_ONCE = {"digestSeconds": "0"}
SENDER, PHONE = "labels@example.com", "+15551234567"
OWN_MODEL = "arn:aws:rekognition:us-east-1:000000000000:project/cars/version/cars.1/1761991200000"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one stack in one worker, so that it is started once; two halves fill two processors."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "stack" in fixtures:
            item.add_marker(pytest.mark.xdist_group("commands" if "home" in fixtures else "stack"))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("local")
    with running(0, home, context=EACH_AT_ONCE) as engine:
        yield Stack(engine.outputs)
        assert "Traceback" not in (home / LOG).read_text()


@pytest.fixture(scope="session")
def html_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that mails HTML through SES, and shows photos to a Custom Labels model, too: one sure of pure colours.

    It asks for colours and quality.
    """
    model = tmp_path_factory.mktemp("model") / "colours.onnx"
    model.write_bytes(colours())
    model.with_suffix(".txt").write_text("Red\nGreen\nBlue\n")
    model.with_suffix(".toml").write_text("threshold = 90\n")
    settings = {"digestSeconds": "1", "reportSender": SENDER, "reportPhone": PHONE, "customLabelsModel": OWN_MODEL}
    settings["imageProperties"] = "true"
    with ExitStack() as started:
        # Only to start it: later stacks of this process have no model.
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MODEL", str(model))
            engine = started.enter_context(running(0, tmp_path_factory.mktemp("html"), context=settings))
        yield Stack(engine.outputs)


@pytest.fixture(scope="session")
def astronaut() -> bytes:
    return samples()["astronaut.png"].read_bytes()


@pytest.fixture
def home(stack: Stack) -> Path:
    """The folder by which the command finds the local stack."""
    return Path(stack.outputs["mail"]).parent


@pytest.fixture(scope="module")
def at_once(stack: Stack) -> Iterator[None]:
    """Let the archive take records at once and not after a minute."""
    client = stack.client("lambda")
    every = client.list_event_source_mappings()["EventSourceMappings"]
    (mapping,) = [mapping for mapping in every if "AuditTrail" in mapping["EventSourceArn"]]
    window = mapping["MaximumBatchingWindowInSeconds"]
    client.update_event_source_mapping(UUID=mapping["UUID"], MaximumBatchingWindowInSeconds=0)
    yield
    client.update_event_source_mapping(UUID=mapping["UUID"], MaximumBatchingWindowInSeconds=window)
