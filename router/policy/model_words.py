"""What the models of a checked policy cost and how fast they are asked, in words: once for each."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

from router.policy.models import price_of
from router.policy.quotas import LEARNT, Address, address, is_named, models_of, share_of


def models_in_words(checked: Mapping[str, Any]) -> list[str]:
    """Say of each model what it costs, how fast it is asked, and by which rules, a line each."""
    count = len(checked["rules"])
    return [f"{line}; asked by {_rules(numbers, count)}." for line, numbers in each_model(checked).items()]


def each_model(checked: Mapping[str, Any]) -> dict[str, list[int]]:
    """Return what is said of each model, with the numbers of the rules that ask it, from 1."""
    quotas = dict(_quotas(checked))
    lines: dict[str, list[int]] = {}
    for number, rule in enumerate(checked["rules"], 1):
        for model in models_of(rule):
            if is_named(model, os.environ):
                at, tier = address(model["settings"], os.environ), model["settings"].get("service_tier")
                low, high = price_of(at[0], tier, checked["prices"])
                said = f"${low:g} and ${high:g} per million tokens in and out; {_quota(quotas.get(at))}"
                lines.setdefault(f"{model_named(at[0], tier)}{_in(at)}: {said}", []).append(number)
    return lines


def model_named(model: str, tier: str | None) -> str:
    """Name a model, with its tier unless that is the default one."""
    return f"{model} in the {tier} tier" if tier else model


def _in(at: Address) -> str:
    return f" in {at[1]}" if at[1] else ""


def _quotas(checked: Mapping[str, Any]) -> Iterator[tuple[Address, Mapping[str, Any]]]:
    """Yield the quotas that are declared; one counts wherever its model is asked."""
    for rule in checked["rules"]:
        for model in models_of(rule):
            if is_named(model, os.environ) and share_of(model["quota"]) != LEARNT:
                yield address(model["settings"], os.environ), model["quota"]


def _quota(quota: Mapping[str, Any] | None) -> str:
    """Say how fast a model is asked, by all instances and by each."""
    if quota is None:
        return "no quota is declared, so its pace is learnt"
    kinds = [(quota[f"{kind}_per_minute"], kind) for kind in ("requests", "tokens")]
    said = " and ".join(f"{most:,} {kind}" for most, kind in kinds if most)
    among = quota["shared_by"]
    shares = " and ".join(f"{most / among:,.6g}" for most, _ in kinds if most)
    return f"at most {said} a minute" + (f", by each of {among} instances {shares}" if among > 1 else "")


def _rules(numbers: list[int], count: int) -> str:
    """Name rules by their numbers, three and more in a row by the first and the last."""
    runs: list[list[int]] = []
    for number in dict.fromkeys(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    if len(runs) == 1 and len(runs[0]) == count > 1:
        return "every rule"
    said = [f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return f"rule{'s' * (len(set(numbers)) > 1)} {', '.join(said)}"
