"""AWS as moto has it, without what moto does that costs tests their time."""

from typing import Any, cast

from moto import mock_aws


def mocked(**services: Any) -> Any:
    """Turn moto on for a block; `services` are its settings. The default session, with its parsed models, stays."""
    return mock_aws(config=cast("Any", {"core": {"reset_boto3_session": False}, **services}))
