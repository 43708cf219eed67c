"""
The template's dashboard as a picture, over a job in which two things go wrong.

    python -m benchmarks.dashboard                     # docs/dashboard.png

Widgets, titles, places, series and alarms are those of the transformed template. The series are what the
function tells CloudWatch in a simulated job (benchmarks/dashboard/job.py), summed up by period as CloudWatch
does. The same seed makes the same picture. It takes one or two minutes.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.dashboard.alarms import rang
from benchmarks.dashboard.job import FUNCTION, START, Told, job
from benchmarks.dashboard.models import HOUR, HOURS, JUDGE
from benchmarks.dashboard.picture import Picture
from benchmarks.dashboard.series import Series
from tests.local.cloudwatch import total
from tests.local.template import deployed

OUT = Path(__file__).parents[2] / "docs" / "dashboard.png"
TITLE = "SageMaker-RewardRouter: a simulated job of six hours"
UNDER = (
    "{samples:,.0f} samples in {batches:,} batches, through the real verifiers, judges' side and metrics; "
    "student, models and clock are simulated. From 06:30 to 07:20 Bedrock throws nearly\neverything back. "
    "From 09:00 on the student learns a sentence that pleases everybody. What AWS itself measures "
    "(Errors, Throttles, Duration, InvocationLatency) is the simulation's."
)
DASHBOARD = "AWS::CloudWatch::Dashboard"
ALARM = "AWS::CloudWatch::Alarm"


def main(argv: Sequence[str] | None = None) -> int:
    """Draw it, and say when each alarm rang."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dashboard")
    parser.add_argument("--out", type=Path, default=OUT, metavar="PATH", help="default: docs/dashboard.png")
    arguments = parser.parse_args(argv)
    told = job()
    draw(told, arguments.out)
    return 0


def draw(told: Told, out: Path) -> None:
    """Draw the picture of what CloudWatch was told, and say when each alarm rang."""
    body, alarms = watching()
    points = told.points()
    series = Series(points, START, HOURS * HOUR)
    rung = {name: rang(series, alarm) for name, alarm in alarms.items()}
    picture = Picture(series, body, rung)
    samples = total(points["RewardRouter"], "samples")
    picture.head(TITLE, UNDER.format(samples=samples, batches=len(told.durations)))
    picture.save(out)
    print(f"{out}: {out.stat().st_size / 1000:.0f} KB, {samples:,.0f} samples")
    for name, one in rung.items():
        print(f"  {name:45} {one.state:9} {spans(one.times)}")


def spans(times: Sequence[tuple[float, float]]) -> str:
    """Return times that follow each other as one, in hours of the job."""
    joined: list[list[float]] = []
    for start, end in times:
        if joined and joined[-1][1] == start:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    return ", ".join(f"{start / HOUR:.2f} to {end / HOUR:.2f} h" for start, end in joined)


def watching() -> tuple[Any, dict[str, Any]]:
    """Return the dashboard's body, and the alarms by name, of a stack with the defaults."""
    resources = deployed(FunctionName=FUNCTION, JudgeModelId=JUDGE)["Resources"].values()
    [body] = [one["Properties"]["DashboardBody"] for one in resources if one["Type"] == DASHBOARD]
    alarms = [one["Properties"] for one in resources if one["Type"] == ALARM]
    return json.loads(body), {alarm["AlarmName"]: alarm for alarm in alarms}


if __name__ == "__main__":
    sys.exit(main())
