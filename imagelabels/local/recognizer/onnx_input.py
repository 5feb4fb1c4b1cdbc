"""The shape of an ONNX model's input, read from its file: OpenCV runs a model, and does not tell what it takes.

The file is a protobuf message (github.com/onnx/onnx, onnx/onnx.proto3); the numbers here are those of its fields.
"""

from collections.abc import Iterator

GRAPH, INITIALIZER, INPUT = 7, 5, 11
NAME_OF_TENSOR, NAME_OF_INPUT = 8, 1
# An input has a type, that a tensor's type, that a shape, that dimensions, and each of these a value or a name.
TYPE, TENSOR_TYPE, SHAPE, DIMENSION, VALUE = 2, 1, 2, 1, 1
VARINT, EIGHT_BYTES, BYTES, FOUR_BYTES = 0, 1, 2, 5
SEVEN_BITS = 127
FIXED = {EIGHT_BYTES: 8, FOUR_BYTES: 4}
Message = memoryview


def input_shape(model: bytes) -> list[int]:
    """Return the sides of the first input, 0 for one that is open; raises ValueError for another kind of file."""
    try:
        graph = _only(memoryview(model), GRAPH)
        weights = {bytes(_only(tensor, NAME_OF_TENSOR)) for tensor in _all(graph, INITIALIZER)}
        # Older files list the weights among the inputs.
        first = next(one for one in _all(graph, INPUT) if bytes(_only(one, NAME_OF_INPUT)) not in weights)
        shape = _only(_only(_only(first, TYPE), TENSOR_TYPE), SHAPE)
        return [_number(dimension) for dimension in _all(shape, DIMENSION)]
    except (IndexError, StopIteration) as error:
        raise ValueError("This is not an ONNX model with an input.") from error


def _number(dimension: Message) -> int:
    found = dict(_fields(dimension)).get(VALUE, 0)
    return found if isinstance(found, int) else 0


def _all(message: Message, field: int) -> list[Message]:
    return [value for number, value in _fields(message) if number == field and isinstance(value, memoryview)]


def _only(message: Message, field: int) -> Message:
    return _all(message, field)[0]


def _fields(message: Message) -> Iterator[tuple[int, int | Message]]:
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        size = FIXED.get(kind, 0)
        if kind == BYTES:
            size, at = _varint(message, at)
        elif not size:
            raise ValueError("This is not an ONNX model with an input.")
        yield number, message[at : at + size]
        at += size


def _varint(message: Message, at: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, the lowest first, and the place after it."""
    value, shift = 0, 0
    while True:
        byte = message[at]
        value |= (byte & SEVEN_BITS) << shift
        at, shift = at + 1, shift + 7
        if byte <= SEVEN_BITS:
            return value, at
