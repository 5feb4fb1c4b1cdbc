"""The test photo of `imagelabels doctor`: it is deleted at once, so that its report must not send anybody to it."""

import re

from imagelabels_shared.models import Report

FOLDER = "imagelabels-doctor"
TEST_PHOTO = re.compile(rf"(.*/)?{FOLDER}/[0-9a-f]{{16}}\.jpg", re.DOTALL)
TEST = "Test by `imagelabels doctor`"


def is_test(report: Report) -> bool:
    """Return whether a report is of a test photo that went through well; any other outcome is told like a photo's."""
    return report["outcome"] == "LABELLED" and TEST_PHOTO.fullmatch(report["image"].get("key", "")) is not None
