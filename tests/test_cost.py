"""The arithmetic of docs/cost.md: what its tables say follows from the prices, and is what is printed."""

from pathlib import Path

import pytest

from benchmarks.bills import BUSY, HOST, HOUR, IDLE, MEMORY, SAMPLES, Kind, break_even, hosts, tiers
from benchmarks.cost import memory
from benchmarks.hearsay import LARGE, SMALL, sayings
from judges.base import Price
from router.commands.forecasting.prices import GB_SECOND

DOCS = (Path(__file__).parents[1] / "docs" / "cost.md").read_text(encoding="utf-8")
PRICES = {SMALL: Price(0.06, 0.24), LARGE: Price(3.0, 15.0)}
USUAL = Kind(0.2, 2.4)


def test_the_docs_show_what_an_hour_costs_as_it_is_printed() -> None:
    assert hosts() in DOCS


def test_the_memory_that_is_priced_is_the_template_s() -> None:
    assert memory() == MEMORY


def test_provisioned_and_on_demand_cost_the_same_at_the_break_even() -> None:
    assert "over 60.0% of its time" in break_even(USUAL)
    assert pytest.approx(0.6 * GB_SECOND["x86_64"]) == IDLE["x86_64"] + 0.6 * BUSY["x86_64"]


def test_a_host_for_an_hour_costs_what_so_many_samples_cost_on_lambda() -> None:
    samples = SAMPLES * HOST / USUAL.on_lambda
    assert f"more than {samples:,.0f} samples an hour" in break_even(USUAL)
    assert HOUR * 1769 / 1024 * GB_SECOND["arm64"] == pytest.approx(HOST / 0.98, rel=0.01)


def test_flex_saves_half_of_the_judges_and_not_of_lambda() -> None:
    table = tiers(USUAL, 500, 100, PRICES, {LARGE: 0.5})
    assert SMALL not in table
    line = next(line for line in table.splitlines() if line.startswith(LARGE))
    assert line.split()[1:3] == ["60.00", "30.00"]


def test_a_saying_is_measured_against_the_cheapest_and_the_dearest_judge() -> None:
    found = {one.who: one for one in sayings(500, 100, Kind(1.0, 3.2), PRICES)}
    assert found["mmntm.net"].ours == pytest.approx((0.054, 3.0))
    assert found["mmntm.net"].factors == "3.3x to 190x"
    assert found["git.mcrn.ar"].factors == "2.3x"
