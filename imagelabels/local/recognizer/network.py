"""EfficientNet-Lite0, a classifier of photos, computed with numpy (github.com/tensorflow/tpu, efficientnet/lite)."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]
SIDE_PX = 224
# One for each block of layers: where it is 2, the block halves the sides of what it gets.
STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1)
RELU6_MOST = 6
NORMALIZATION_EPSILON = np.float32(1e-3)


class _Layer(NamedTuple):
    """A convolution with the batch normalization after it folded in; `kernel` is height, width, in, out.

    A depthwise kernel, which looks at each channel alone, has one channel in.
    """

    kernel: Array
    bias: Array
    stride: int
    depthwise: bool
    bounded: bool


class _Block(NamedTuple):
    layers: list[_Layer]
    residual: bool


class EfficientNetLite0:
    """The network with its weights, by the names of their PyTorch port."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._stem = _layer(weights, "_conv_stem", "_bn0", stride=2)
        self._blocks = [_block(weights, f"_blocks.{number}.", stride) for number, stride in enumerate(STRIDES)]
        self._head = _layer(weights, "_conv_head", "_bn1")
        self._classes, self._bias = np.ascontiguousarray(weights["_fc.weight"].T), weights["_fc.bias"]

    def __call__(self, picture: Array) -> Array:
        """Return a probability for each of ImageNet's 1,000 classes.

        `picture` is SIDE_PX, SIDE_PX, 3: red, green and blue from -1 to 1.
        """
        seen = _apply(self._stem, picture)
        for block in self._blocks:
            found = seen
            for layer in block.layers:
                found = _apply(layer, found)
            seen = found + seen if block.residual else found
        scores = _apply(self._head, seen).mean((0, 1)) @ self._classes + self._bias
        powers: Array = np.exp(scores - scores.max())
        powers /= powers.sum()
        return powers


def _block(weights: Mapping[str, Array], prefix: str, stride: int) -> _Block:
    layers = [
        _layer(weights, f"{prefix}_depthwise_conv", f"{prefix}_bn1", stride=stride, depthwise=True),
        _layer(weights, f"{prefix}_project_conv", f"{prefix}_bn2", bounded=False),
    ]
    if f"{prefix}_expand_conv.weight" in weights:
        layers.insert(0, _layer(weights, f"{prefix}_expand_conv", f"{prefix}_bn0"))
    came, left = layers[0].kernel.shape[2], layers[-1].kernel.shape[3]
    return _Block(layers, residual=stride == 1 and came == left)


def _layer(
    weights: Mapping[str, Array],
    convolution: str,
    norm: str,
    *,
    stride: int = 1,
    depthwise: bool = False,
    bounded: bool = True,
) -> _Layer:
    scale = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + NORMALIZATION_EPSILON)
    kernel = weights[f"{convolution}.weight"] * scale[:, None, None, None]
    bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale
    return _Layer(np.ascontiguousarray(kernel.transpose(2, 3, 1, 0)), bias, stride, depthwise, bounded)


def _apply(layer: _Layer, picture: Array) -> Array:
    found = _depthwise(layer, picture) if layer.depthwise else _full(layer, picture)
    found += layer.bias
    return np.clip(found, 0, RELU6_MOST, out=found) if layer.bounded else found


def _full(layer: _Layer, picture: Array) -> Array:
    return sum(_times(window, kernel) for kernel, window in _windows(layer, picture))  # type: ignore[return-value]


def _times(picture: Array, kernel: Array) -> Array:
    # One product of two matrices is many times as fast as one for each row of the picture.
    return (picture.reshape(-1, picture.shape[-1]) @ kernel).reshape(*picture.shape[:-1], -1)


def _depthwise(layer: _Layer, picture: Array) -> Array:
    windows = _windows(layer, picture)
    kernel, window = next(windows)
    found: Array = window * kernel[0]
    part = np.empty_like(found)
    for kernel, window in windows:
        found += np.multiply(window, kernel[0], out=part)
    return found


def _windows(layer: _Layer, picture: Array) -> Iterator[tuple[Array, Array]]:
    """Give each place of the kernel with the pixels that it meets; the borders are padded as TensorFlow does."""
    size, stride = layer.kernel.shape[0], layer.stride
    side = len(picture)
    after = -(-side // stride)
    missing = max((after - 1) * stride + size - side, 0)
    before = missing // 2
    padded = np.pad(picture, (*[(before, missing - before)] * 2, (0, 0))) if missing else picture
    last = (after - 1) * stride + 1
    for y in range(size):
        for x in range(size):
            yield layer.kernel[y, x], padded[y : y + last : stride, x : x + last : stride]
