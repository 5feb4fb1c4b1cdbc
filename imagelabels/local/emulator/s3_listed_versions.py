from contextvars import ContextVar
from typing import Any
from urllib.parse import quote

from ministack.services import s3

RESULT, KEYS = "ListVersionsResult", {"Delimiter", "Key", "KeyMarker", "NextKeyMarker", "Prefix"}
_encoding: ContextVar[bool] = ContextVar("encoding", default=False)


def apply() -> None:
    """List versions whose keys XML cannot have.

    AWS: ListObjectVersions percent-encodes keys when the request says `encoding-type=url`, as boto3's do.
    The emulator: it fails (500) at a key with a control character.
    Source: docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
    """
    listed, xml = s3._list_object_versions, s3._xml_body  # noqa: SLF001  # the answer, and what makes text of it

    def listed_encoded(bucket: str, query: Any) -> Any:
        token = _encoding.set(s3._qp(query, "encoding-type", "") == "url")  # noqa: SLF001
        try:
            return listed(bucket, query)
        finally:
            _encoding.reset(token)

    def xml_encoded(root: Any) -> Any:
        if _encoding.get() and root.tag == RESULT:
            _encode(root)
        return xml(root)

    s3._list_object_versions, s3._xml_body = listed_encoded, xml_encoded  # noqa: SLF001


def _encode(root: Any) -> None:
    for element in root.iter():
        if element.tag in KEYS and element.text:
            element.text = quote(element.text, safe="/")
    encoding = root.makeelement("EncodingType", {})
    encoding.text = "url"
    root.append(encoding)
