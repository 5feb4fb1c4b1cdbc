"""The smallest ONNX classifier: the mean of red, of green and of blue, as three classes.

Written as protobuf by hand (onnx.proto3): a library for one file would be installed with every `make run`.
"""


def colours(*shape: int | str) -> bytes:
    """Return the model: GlobalAveragePool, then Flatten, from `shape` to (1, 3) floats.

    `shape` is (1, 3, 224, 224) if none is given; a text is a side that the graph leaves open. With the colours last, as
    TensorFlow has them, a Transpose comes first.
    """
    shape = shape or (1, 3, 224, 224)
    nodes = [_node("GlobalAveragePool", "photo", "means"), _node("Flatten", "means", "classes")]
    if shape[-1] == 3:
        nodes = [
            _node("Transpose", "photo", "turned", _order(0, 3, 1, 2)),
            _node("GlobalAveragePool", "turned", "means"),
        ]
        nodes += [_node("Flatten", "means", "classes")]
    graph = b"".join(_field(1, node) for node in nodes) + _field(2, b"colours")
    graph += _field(11, _value("photo", *shape)) + _field(12, _value("classes", 1, 3))
    operators = _number(2, 13)
    return _number(1, 7) + _field(7, graph) + _field(8, operators)


def _node(kind: str, source: str, result: str, attribute: bytes = b"") -> bytes:
    return _field(1, source.encode()) + _field(2, result.encode()) + _field(4, kind.encode()) + attribute


def _order(*axes: int) -> bytes:
    """Return the attribute of Transpose: a list of integers (type 7)."""
    return _field(5, _field(1, b"perm") + b"".join(_number(8, axis) for axis in axes) + _number(20, 7))


def _value(name: str, *shape: int | str) -> bytes:
    dimensions = b"".join(
        _field(1, _number(1, side) if isinstance(side, int) else _field(2, side.encode())) for side in shape
    )
    tensor = _number(1, 1) + _field(2, dimensions)
    return _field(1, name.encode()) + _field(2, _field(1, tensor))


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + _varint(value >> 7)
