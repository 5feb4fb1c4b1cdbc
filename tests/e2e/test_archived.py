"""A photo in an archive of S3 is its owner's to restore, and is labelled when it can be read."""

from tests.e2e.stack import Stack, eventually

KEY = "archived/a b+c.png"


def test_an_archived_photo_is_rejected_and_labelled_once_it_is_restored(stack: Stack, astronaut: bytes) -> None:
    s3 = stack.client("s3")
    rejected = stack.upload(KEY, astronaut, StorageClass="DEEP_ARCHIVE")
    assert stack.states(rejected["executionArn"])[-1] == "Rejected"
    (mail,) = stack.mails(rejected["executionArn"])
    assert "archive of S3 (DEEP_ARCHIVE)" in mail.get_content()

    s3.restore_object(Bucket=stack.bucket, Key=KEY, RestoreRequest={"Days": 1})
    image = eventually(lambda: stack.items(KEY).get("IMAGE"))
    assert image["version"]["S"] == s3.head_object(Bucket=stack.bucket, Key=KEY)["VersionId"]
    assert "restored-" in image["execution"]["S"]
    # The report follows the labels.
    stack.ended(image["execution"]["S"])
    assert len(stack.mails(image["execution"]["S"])) == 1
