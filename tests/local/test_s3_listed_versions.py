"""The local S3 lists keys that XML cannot have, and refuses them in a request to delete many."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from imagelabels.deploy.emptying import empty
from imagelabels.local.engine import bare

BUCKET, KEYS = "photos", ["a b+c.jpg", "carriage\rreturn.jpg", "line\x0bbreak.jpg", "ümlaut/%41.jpg"]


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with bare(tmp_path_factory.mktemp("bare")) as engine:
        client = engine.session.client("s3", endpoint_url=engine.endpoint)
        client.create_bucket(Bucket=BUCKET)
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield client


def test_keys_that_xml_cannot_have_are_listed_and_deleted_alone(s3: Any) -> None:
    for key in KEYS:
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"a photo")
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 1})
    assert [version["Key"] for page in pages for version in page.get("Versions", [])] == KEYS
    with pytest.raises(ClientError, match="MalformedXML"):
        s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "line\x0bbreak.jpg"}]})
    assert empty(s3, BUCKET, lambda _number: None) == len(KEYS)
    s3.delete_bucket(Bucket=BUCKET)
