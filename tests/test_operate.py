"""docs/operate.md names what there is: alarms, metrics, parameters, commands, and words of the policy."""

import re
import shlex
from typing import Any

import pytest

from benchmarks.dashboard.job import FUNCTION
from router.__main__ import _parser
from router.telemetry.metrics import ERROR_KINDS, METRICS
from tests.local.template import deployed, transformed
from tests.tools import ROOT

PAGE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
PROSE = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
SPOKEN = set(re.findall(r"`([^`\n]+)`", PROSE))
"""Whatever stands in backticks, outside of blocks."""
BLOCKS = re.findall(r"^```(?:console)?\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)

OTHERS = {
    *("lambda_concurrency_limit", "rollout_worker_replicas"),  # the recipes'
    "parameter_overrides",  # SAM's
}
AWS_ITSELF = {"Errors", "Throttles", "Invocations"}
NO_PARAMETERS = {*AWS_ITSELF, "EventRefused", "VERSION"}
PUBLISHED = {"PolicyLocation": "s3://a-bucket/policy.yaml"}


def alarms() -> dict[str, Any]:
    """Every alarm of the template, by what its name has behind the function's."""
    resources = deployed(FunctionName=FUNCTION, **PUBLISHED)["Resources"].values()
    found = [one["Properties"] for one in resources if one["Type"] == "AWS::CloudWatch::Alarm"]
    return {alarm["AlarmName"].removeprefix(FUNCTION): alarm for alarm in found}


def rows(table: str) -> dict[str, str]:
    """The rows of the table below a heading, by what stands in backticks in their first cell."""
    [section] = re.findall(rf"^### {table}\n(.*?)^###? ", PAGE, flags=re.DOTALL | re.MULTILINE)
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return {name: line for line in lines for name in re.findall(r"`([^`]+)`", line.split("|")[1])}


def test_the_page_says_of_every_alarm_what_to_do_and_of_no_other() -> None:
    assert rows("The alarms").keys() == alarms().keys()
    assert {one for one in SPOKEN if one.startswith("-")} == alarms().keys()


def test_an_alarm_rings_where_the_page_says() -> None:
    said = rows("The alarms")
    for name, alarm in alarms().items():
        if alarm.get("Threshold"):
            assert f" {alarm['Threshold']:g} " in said[name], name


def test_the_page_says_of_every_kind_of_silence_what_to_do() -> None:
    assert rows("Silences by kind").keys() == set(ERROR_KINDS.values())


def test_every_parameter_that_the_page_names_is_the_templates() -> None:
    named = {
        word for one in SPOKEN for word in re.findall(r"^([A-Z][a-z]+(?:[A-Z][a-zA-Z]+)+)(?:=.*)?$", one)
    }
    assert named - NO_PARAMETERS - {"RLVRTrainer"} <= transformed()["Parameters"].keys()
    assert len(named) > 15


def test_every_metric_and_every_word_of_a_policy_that_the_page_names_exists() -> None:
    policy = set(re.findall(r'"(\w+)": \{', (ROOT / "config/policy.schema.json").read_text(encoding="utf-8")))
    named = {one.partition(":")[0] for one in SPOKEN if re.fullmatch(r"[a-z]+(_[a-z]+)+(: .*)?", one)}
    assert named - OTHERS - METRICS.keys() <= policy
    assert {"judge_errors_late", "day_budget", "reward_spread"} <= named


COMMANDS = re.findall(r"^\$ python -m router (.*?)(?: +#.*)?$", "\n".join(BLOCKS), flags=re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_is_one(command: str) -> None:
    assert _parser().parse_args(shlex.split(command)).command == command.split(maxsplit=1)[0]


def test_every_module_that_the_page_runs_is_there() -> None:
    assert {"benchmarks.dashboard", "router"} >= set(re.findall(r"python -m ([\w.]+)", PAGE))
    assert (ROOT / "benchmarks/dashboard/__main__.py").exists()


def test_the_queries_of_the_page_add_up_metrics() -> None:
    queries = [block for block in BLOCKS if re.search(r"^(\| )?filter ", block, flags=re.MULTILINE)]
    assert len(queries) == 2
    summed = set(re.findall(r"sum\((\w+)\)", "".join(queries)))
    assert {"samples", "dollars"} <= summed <= METRICS.keys()


def test_every_place_in_the_page_that_a_link_leads_to_is_there() -> None:
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ")).lower().replace(" ", "-")
        for line in PAGE.splitlines()
        if line.startswith("#")
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) <= headings
    files = {link for link in re.findall(r"\]\(([\w./]+)\)", PAGE) if not link.startswith("http")}
    assert all((ROOT / "docs" / link).exists() for link in files)
