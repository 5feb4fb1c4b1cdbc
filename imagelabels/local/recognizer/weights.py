"""The tensors of a PyTorch file (the format before version 1.6) as numpy arrays, without PyTorch."""

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]
# Before the tensors: a magic number, a version and a description of the machine; after them: the order of the storages.
PICKLES_BEFORE = 3
COUNT_BYTES = 8
TYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class _Storage(NamedTuple):
    key: str
    type: np.dtype[Any]


class _Tensor(NamedTuple):
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Unpickler(pickle.Unpickler):
    """Reads what a file of tensors needs; a pickle may name any function, and anything else is refused."""

    def find_class(self, module: str, name: str) -> Any:
        match module, name:
            case "collections", "OrderedDict":
                return OrderedDict
            case "torch", "FloatStorage" | "LongStorage":
                return TYPES[name]
            case "torch._utils", "_rebuild_tensor_v2":
                return lambda storage, offset, shape, strides, *_rest: _Tensor(storage, offset, shape, strides)
        raise pickle.UnpicklingError(f"A file of tensors has no use for {module}.{name}.")

    def persistent_load(self, description: Any) -> _Storage:
        _kind, storage_type, key, *_rest = description
        return _Storage(key, storage_type)


def read(path: Path) -> dict[str, Array]:
    """Return the tensors by name; raises pickle.UnpicklingError for a file that holds anything else."""
    with path.open("rb") as file:
        for _ in range(PICKLES_BEFORE):
            _Unpickler(file).load()
        tensors: dict[str, _Tensor] = _Unpickler(file).load()
        types = {tensor.storage.key: tensor.storage.type for tensor in tensors.values()}
        storages = {key: _storage(file, types[key]) for key in _Unpickler(file).load()}
    return {name: _array(tensor, storages[tensor.storage.key]) for name, tensor in tensors.items()}


def _storage(file: BinaryIO, kind: np.dtype[Any]) -> Array:
    count = int.from_bytes(file.read(COUNT_BYTES), "little")
    return np.frombuffer(file.read(count * kind.itemsize), kind)


def _array(tensor: _Tensor, storage: Array) -> Array:
    strides = [stride * storage.itemsize for stride in tensor.strides]
    return np.lib.stride_tricks.as_strided(storage[tensor.offset :], tensor.shape, strides, writeable=False)
