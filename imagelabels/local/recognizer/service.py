"""Rekognition's wire protocol (AWS JSON 1.1) for the operations that the workflow uses."""

import asyncio
import base64
import binascii
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from imagelabels.errors import UserError
from imagelabels.local.asgi import Receive, Scope, Send, read_body, send_json
from imagelabels.local.recognizer import access, fixed, picture, request
from imagelabels.local.recognizer.label_detector import LabelDetector
from imagelabels.local.recognizer.refused import RefusedError

TARGET_PREFIX = b"RekognitionService."
LIMITS = {"DetectLabels": picture.DETECT_LABELS, "DetectCustomLabels": picture.DETECT_CUSTOM_LABELS}
SERVER_FAULTS = {"InternalServerError"}
# OpenCV's detectors are the slowest thing on this machine; more at a time only makes each of them slower.
WORKERS = 2


class Recognizer:
    """An ASGI app that answers what a detector of labels finds, or what it is told to.

    `calls` counts the requests for each photo, refused ones included.
    """

    def __init__(self, endpoint: str, region: str, detector: LabelDetector, mode: str = fixed.LOCAL) -> None:
        self._endpoint, self._region, self._resting = endpoint, region, detector
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="recognizer")
        self.change({"mode": mode})

    def state(self) -> dict[str, Any]:
        return {"mode": self._mode, "calls": dict(self.calls)}

    def change(self, document: dict[str, Any]) -> None:
        """Work as `mode` says from now on, and count from zero; raises UserError for an unknown mode."""
        wanted = fixed.parse(document["mode"])
        if wanted is None and document["mode"] != self._resting.mode:
            raise UserError(f"The recognizer must be {self._resting.mode} or fixed here: another has to be started.")
        self._fixed = wanted
        self._gate = fixed.Gate(self._fixed or fixed.Fixed())
        self._answering = fixed.FixedLabels(self._fixed) if self._fixed else self._resting
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
        if operation not in LIMITS:
            known = " and ".join(LIMITS)
            raise RefusedError("UnknownOperationException", f"Only {known} work locally, not {operation}.")
        photo = _photo(json.loads(body))
        self.calls[photo] += 1
        self._gate.enter(photo)
        if self._fixed:
            await asyncio.sleep(self._fixed.latency)
        return await asyncio.get_running_loop().run_in_executor(self._workers, self._look, operation, headers, body)

    def _look(self, operation: str, headers: access.Headers, body: bytes) -> dict[str, Any]:
        parameters = json.loads(body)
        resource = parameters.get("ProjectVersionArn", "*")
        caller = access.authorize(headers, body, self._region, operation, str(resource))
        request.check(parameters, operation)
        photo = self._bytes(parameters.pop("Image"), caller, LIMITS[operation].inline_bytes)
        if operation == "DetectCustomLabels":
            return self._answering.detect_custom_labels(photo, parameters)
        return self._answering.detect_labels(photo, parameters)

    def _bytes(self, image: dict[str, Any], caller: Any, most_inline: int) -> bytes:
        if place := image.get("S3Object"):
            data = access.read_object(caller, place, self._endpoint, self._region)
            return _at_most(data, picture.MAX_OBJECT_BYTES)
        try:
            return _at_most(base64.b64decode(image["Bytes"], validate=True), most_inline)
        except (KeyError, binascii.Error) as error:
            raise RefusedError("InvalidParameterException", "Request has invalid parameters: no image") from error


def _photo(parameters: dict[str, Any]) -> str:
    place = parameters.get("Image", {}).get("S3Object")
    return f"{place['Bucket']}/{place['Name']}" if place else "bytes"


def _at_most(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise RefusedError("ImageTooLargeException", f"Image size is over {limit} bytes")
    return data
