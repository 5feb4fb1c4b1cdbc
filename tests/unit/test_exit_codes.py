"""What a person typed wrongly ends with 2, before anything is asked; what is not there ends with 1."""

import pytest

from imagelabels import cli
from imagelabels.deploy.settings import check
from imagelabels.errors import UserError, WrongUsageError


@pytest.mark.parametrize(("error", "exit_code"), [(WrongUsageError("No."), 2), (UserError("No."), 1)])
def test_the_exit_code_tells_wrong_usage(
    error: Exception, exit_code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == exit_code
    assert capsys.readouterr().err == "imagelabels: No.\n"


def test_settings_are_refused_in_one_sentence_before_a_stack_starts() -> None:
    with pytest.raises(WrongUsageError, match=r"^reportPhone must be a number with its country code"):
        check({"reportPhone": "555"})
    check({"reportPhone": "+15551234567"})
