"""`preflight` of a whole stack: the template's function under AWS's runtime, in the local cloud."""

import pytest

from router.__main__ import main
from tests.local.cloud import LocalCloud


def test_a_stack_of_the_template_is_found_ready(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with LocalCloud() as cloud:
        stack = cloud.stack()
        for name, value in cloud.environment.items():
            monkeypatch.setenv(name, value)
        main(["preflight", stack.arn, "--batch", "16"])
        asked = len(cloud.bedrock.calls)
    lines = capsys.readouterr().out.splitlines()
    marks = {line[6:19].strip(): line[:5].strip() for line in lines}
    for about in ("function", "judge model", "reward check", "timeout", "judged", "policy", "code"):
        assert marks[about] == "fine", lines
    assert marks["memory"] == "note"  # which the emulator does not measure
    assert asked > 1
