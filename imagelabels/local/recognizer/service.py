"""Rekognition's wire protocol (AWS JSON 1.1) for the one operation that the workflow uses."""

import asyncio
import base64
import binascii
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from imagelabels.local.asgi import Receive, Scope, Send, read_body, send_json
from imagelabels.local.recognizer import access, fixed, picture
from imagelabels.local.recognizer.answer import labels
from imagelabels.local.recognizer.classifier import Classifier
from imagelabels.local.recognizer.detectors import MODEL_VERSION, find
from imagelabels.local.recognizer.refused import RefusedError

TARGET_PREFIX = b"RekognitionService."
DEFAULT_MAX_LABELS = 1000
DEFAULT_MIN_CONFIDENCE = 55.0
FULLY_SURE = 100.0
SERVER_FAULTS = {"InternalServerError"}
# OpenCV's detectors are the slowest thing on this machine; more at a time only makes each of them slower.
WORKERS = 2


class Recognizer:
    """An ASGI app that answers DetectLabels with what a classifier or OpenCV's detectors find, or what it is told to.

    `calls` counts the requests for each photo, refused ones included.
    """

    def __init__(
        self, endpoint: str, region: str, mode: str = fixed.OPENCV, classifier: Classifier | None = None
    ) -> None:
        self._endpoint, self._region = endpoint, region
        self._find, self._version = (classifier.find, classifier.version) if classifier else (find, MODEL_VERSION)
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="recognizer")
        self.change({"mode": mode})

    def state(self) -> dict[str, Any]:
        return {"mode": self._mode, "calls": dict(self.calls)}

    def change(self, document: dict[str, Any]) -> None:
        """Work as `mode` says from now on, and count from zero; raises UserError for an unknown mode."""
        self._fixed = fixed.parse(document["mode"])
        self._gate = fixed.Gate(self._fixed or fixed.Fixed())
        self._mode = document["mode"]
        self.calls: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive)
        try:
            answer = await self._answer(scope["headers"], body)
        except RefusedError as error:
            status = 500 if error.name in SERVER_FAULTS else 400
            await send_json(send, status, {"__type": error.name, "message": str(error), "Message": str(error)})
        else:
            await send_json(send, 200, answer)

    async def _answer(self, headers: access.Headers, body: bytes) -> dict[str, Any]:
        operation = dict(headers)[b"x-amz-target"].removeprefix(TARGET_PREFIX).decode()
        if operation != "DetectLabels":
            raise RefusedError("UnknownOperationException", f"Only DetectLabels works locally, not {operation}.")
        photo = _photo(json.loads(body))
        self.calls[photo] += 1
        self._gate.enter(photo)
        if self._fixed:
            await asyncio.sleep(self._fixed.latency)
        return await asyncio.get_running_loop().run_in_executor(self._workers, self._look, headers, body)

    def _look(self, headers: access.Headers, body: bytes) -> dict[str, Any]:
        caller = access.authorize(headers, body, self._region)
        request = json.loads(body)
        most, least = _limits(request)
        data = self._bytes(request.get("Image", {}), caller)
        if self._fixed:
            return {"Labels": fixed.labels(self._fixed), "LabelModelVersion": fixed.MODEL_VERSION}
        findings = self._find(picture.decode(data))
        return {"Labels": labels(findings, most, least), "LabelModelVersion": self._version}

    def _bytes(self, image: dict[str, Any], caller: Any) -> bytes:
        if place := image.get("S3Object"):
            data = access.read_object(caller, place, self._endpoint, self._region)
            return _at_most(data, picture.MAX_OBJECT_BYTES)
        try:
            return _at_most(base64.b64decode(image["Bytes"], validate=True), picture.MAX_INLINE_BYTES)
        except (KeyError, binascii.Error) as error:
            raise RefusedError("InvalidParameterException", "Request has invalid parameters: no image") from error


def _photo(request: dict[str, Any]) -> str:
    place = request.get("Image", {}).get("S3Object")
    return f"{place['Bucket']}/{place['Name']}" if place else "bytes"


def _at_most(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise RefusedError("ImageTooLargeException", f"Image size is over {limit} bytes")
    return data


def _limits(request: dict[str, Any]) -> tuple[int, float]:
    most = request.get("MaxLabels", DEFAULT_MAX_LABELS)
    least = request.get("MinConfidence", DEFAULT_MIN_CONFIDENCE)
    if most < 0 or not 0 <= least <= FULLY_SURE:
        raise RefusedError("InvalidParameterException", "Request has invalid parameters")
    return min(most, DEFAULT_MAX_LABELS), least
