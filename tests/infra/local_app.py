"""A CDK app for the command line of the CDK: the stack of `infra/app.py` with the settings of the context, for the
local AWS. The wheel layers are left out, so that nothing is downloaded.
"""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from imagelabels.local.template import make_local
from infra.settings import context_names
from tests.synthesis import synthesize_into

if __name__ == "__main__":
    context = json.loads(os.environ["CDK_CONTEXT_JSON"])
    settings = {name: context[name] for name in context_names() if name in context}
    with TemporaryDirectory() as folder:
        synthesize_into(Path(folder), **settings)
        make_local(Path(folder), Path(os.environ["CDK_OUTDIR"]), os.environ["AWS_ENDPOINT_URL"])
