"""The boto3 session of a local stack, which takes nothing from this shell: no profile, no configuration, no proxy."""

import os

import boto3
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.session import Session

# Each of botocore's variables, read from neither a configuration file nor the environment.
_DEFAULTS = {
    name: (None, None, default, conversion)
    for name, (_option, _variable, default, conversion) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
}
_NO_FILES = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))


def local_session(key_id: str, secret: str, region: str) -> boto3.Session:
    """Return a session with the key of a local account; a request to this machine never goes through a proxy."""
    session = Session(session_vars=_DEFAULTS | _NO_FILES)
    # None would mean the proxies of the environment.
    session.set_default_client_config(Config(proxies={}))
    return boto3.Session(key_id, secret, region_name=region, botocore_session=session)
