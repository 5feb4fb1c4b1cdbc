"""Lambda layers with third-party wheels, built without Docker from lock files with hashes."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import AssetHashType, BundlingOptions, ILocalBundling, Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

RUNTIME = lambda_.Runtime.PYTHON_3_14
ARCHITECTURE = lambda_.Architecture.ARM_64
PLATFORM = "aarch64-manylinux_2_28"
# Published as source only, without compiled code; what it binds comes as a wheel (pyvips-binary).
PURE = ("pyvips",)
LAYERS = Path(__file__).parents[1] / "layers"


@jsii.implements(ILocalBundling)
class Wheels:
    """Fills a layer with the wheels of `requirements.txt` for Lambda's platform, on any machine."""

    def __init__(self, requirements: Path) -> None:
        self._requirements = requirements

    def try_bundle(self, output_dir: str, *_args: Any, **_options: Any) -> bool:
        """Install into `output_dir`; raises CalledProcessError when a wheel cannot be installed."""
        subprocess.run(install_command(self._requirements, Path(output_dir)), check=True)  # noqa: S603  # no shell, our own program
        return True


def install_command(requirements: Path, output: Path) -> list[str]:
    """Return the uv command that installs Lambda's wheels of a lock file."""
    version = RUNTIME.name.removeprefix("python")
    return [
        *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--require-hashes", "--no-deps"),
        *("--target", str(output / "python"), "--python-platform", PLATFORM, "--python-version", version),
        *("--only-binary", ":all:", *(part for name in PURE for part in ("--no-binary", name))),
        *("--requirement", str(requirements)),
    ]


def wheel_layer(scope: Construct, folder: str) -> lambda_.LayerVersion:
    """Return the stack's layer of the wheels that `layers/<folder>/requirements.txt` locks; the first call makes it."""
    stack, name = Stack.of(scope), f"{folder.capitalize()}Layer"
    existing = stack.node.try_find_child(name)
    return existing if isinstance(existing, lambda_.LayerVersion) else _make_layer(stack, name, LAYERS / folder)


def _make_layer(scope: Construct, name: str, source: Path) -> lambda_.LayerVersion:
    bundling = BundlingOptions(image=RUNTIME.bundling_image, local=Wheels(source / "requirements.txt"))
    return lambda_.LayerVersion(
        scope,
        name,
        code=lambda_.Code.from_asset(str(source), bundling=bundling, asset_hash_type=AssetHashType.SOURCE),
        compatible_architectures=[ARCHITECTURE],
        compatible_runtimes=[RUNTIME],
    )
