import functools
import re

from ministack.core import iam_evaluator


def apply() -> None:
    """Let `*` in a policy match line breaks.

    AWS: `*` matches any combination of characters, and an S3 key may contain a line break.
    The emulator: `*` stops at a line break, so a policy does not cover such a key.
    Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    compile_pattern = iam_evaluator._fnmatch_compile  # noqa: SLF001  # it compiles every pattern

    @functools.cache
    def compile_with_line_breaks(pattern: str, ignore_case: bool) -> re.Pattern[str]:  # noqa: FBT001  # the emulator's signature
        compiled = compile_pattern(pattern, ignore_case)
        return re.compile(compiled.pattern, compiled.flags | re.DOTALL)

    iam_evaluator._fnmatch_compile = compile_with_line_breaks  # noqa: SLF001
