"""Rekognition's wire protocol (AWS JSON 1.1) for the one operation that the workflow uses."""

import asyncio
import base64
import binascii
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from imagelabels.local.asgi import Receive, Scope, Send, read_body, send_json
from imagelabels.local.recognizer import access, picture
from imagelabels.local.recognizer.answer import labels
from imagelabels.local.recognizer.detectors import MODEL_VERSION, find
from imagelabels.local.recognizer.picture import RefusedError

TARGET_PREFIX = b"RekognitionService."
DEFAULT_MAX_LABELS = 1000
DEFAULT_MIN_CONFIDENCE = 55.0
FULLY_SURE = 100.0
# OpenCV's detectors are the slowest thing on this machine; more at a time only makes each of them slower.
WORKERS = 2


class Recognizer:
    """An ASGI app that answers DetectLabels with what OpenCV's detectors find."""

    def __init__(self, endpoint: str, region: str) -> None:
        self._endpoint, self._region = endpoint, region
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="recognizer")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive)
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(self._workers, self._answer, scope["headers"], body)
        except RefusedError as error:
            await send_json(send, 400, {"__type": error.name, "message": str(error), "Message": str(error)})
        else:
            await send_json(send, 200, answer)

    def _answer(self, headers: access.Headers, body: bytes) -> dict[str, Any]:
        operation = dict(headers)[b"x-amz-target"].removeprefix(TARGET_PREFIX).decode()
        if operation != "DetectLabels":
            raise RefusedError("UnknownOperationException", f"Only DetectLabels works locally, not {operation}.")
        caller = access.authorize(headers, body, self._region)
        request = json.loads(body)
        most, least = _limits(request)
        findings = find(picture.decode(self._bytes(request.get("Image", {}), caller)))
        return {"Labels": labels(findings, most, least), "LabelModelVersion": MODEL_VERSION}

    def _bytes(self, image: dict[str, Any], caller: Any) -> bytes:
        if place := image.get("S3Object"):
            data = access.read_object(caller, place, self._endpoint, self._region)
            return _at_most(data, picture.MAX_OBJECT_BYTES)
        try:
            return _at_most(base64.b64decode(image["Bytes"], validate=True), picture.MAX_INLINE_BYTES)
        except (KeyError, binascii.Error) as error:
            raise RefusedError("InvalidParameterException", "Request has invalid parameters: no image") from error


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
