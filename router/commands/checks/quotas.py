"""
Does the account's quota carry what the policy lets its instances ask together?

Service Quotas names a quota after the model, in two generations of words: "Cross-region model inference
requests per minute for Amazon Nova Lite", "On-demand InvokeModel tokens per minute for Anthropic Claude 3.5
Haiku". Nothing ties such a name to a model's id but Bedrock's own name of the model, so that is asked for;
where the two do not agree word for word, this says so and guesses nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from router.commands.checks.account import Account, guarded
from router.commands.checks.models import Asked
from router.commands.checks.remarks import Remark, fine, fix, note
from router.policy.models import GEOGRAPHY

ABOUT = "quota"

NAME = re.compile(
    r"(?P<scope>on-demand|cross-region|global cross-region) (?:model inference|model invocation|invokemodel) "
    r"(?P<kind>requests|tokens) per minute for (?P<model>.+)",
    re.IGNORECASE,
)
VERSION = re.compile(r" v1$")
"""Some names end in the id's `v1`, others leave it out."""

Listed = Sequence[Mapping[str, Any]]
"""Quotas as Service Quotas lists them."""
Quotas = Mapping[str, tuple[float, str]]
"""By kind, requests or tokens: how many a minute, and the quota's code."""


def look(account: Account, models: Sequence[Asked], at_once: int) -> Iterator[Remark]:
    """Compare the quota of each model with the shares of `at_once` instances."""
    listed = cache(partial(_listed, account))
    for one in models:
        yield from guarded(ABOUT, "note", partial(_look, account, one, at_once, listed))()


def _look(account: Account, one: Asked, at_once: int, listed: Callable[[str], Listed]) -> Iterator[Remark]:
    if one.requests is None and one.tokens is None:
        yield fine(ABOUT, f"{one.model}: the policy declares none, so its pace is learnt")
        return
    scope, bare = scope_of(one.model)
    details = account.client("bedrock", one.region).get_foundation_model(modelIdentifier=bare)["modelDetails"]
    names = {details["modelName"], f"{details['providerName']} {details['modelName']}"}
    yield from compare(one, at_once, matching(listed(one.region), scope, names))


def _listed(account: Account, region: str) -> Listed:
    """Return every quota that Service Quotas lists for Bedrock: some pages, so once a region."""
    pages = account.client("service-quotas", region).get_paginator("list_service_quotas")
    return [quota for page in pages.paginate(ServiceCode="bedrock") for quota in page["Quotas"]]


def scope_of(model: str) -> tuple[str, str]:
    """Return how a model's quotas are called, and the id of the foundation model behind an id or ARN."""
    name = model.rpartition("/")[2]
    prefix = GEOGRAPHY.match(name)
    if prefix is None:
        return "on-demand", name
    return ("global cross-region" if prefix[0] == "global." else "cross-region"), name[prefix.end() :]


def matching(listed: Listed, scope: str, names: set[str]) -> Quotas:
    """Return the quotas, as Service Quotas lists them, whose name is that of a model."""
    wanted = {_plain(name) for name in names}
    found = {}
    for quota in listed:
        said = NAME.fullmatch(quota["QuotaName"])
        if said and said["scope"].lower() == scope and _plain(said["model"]) in wanted:
            found[said["kind"].lower()] = (quota["Value"], quota["QuotaCode"])
    return found


def _plain(name: str) -> str:
    return VERSION.sub("", " ".join(re.findall(r"[a-z0-9.]+", name.lower())))


def compare(one: Asked, at_once: int, quotas: Quotas) -> Iterator[Remark]:
    """Say for requests and for tokens whether the account has what the instances may ask together."""
    for kind, share in (("requests", one.requests), ("tokens", one.tokens)):
        if share is None:
            continue
        together = f"{one.model}: {at_once} instances may ask {share * at_once:,.0f} {kind} a minute together"
        if kind not in quotas:
            yield note(ABOUT, f"{together}; Service Quotas lists no {kind} under its name: look there")
            continue
        has, code = quotas[kind]
        if share * at_once <= has:
            yield fine(ABOUT, f"{together}; the account has {has:,.0f}")
            continue
        yield fix(
            ABOUT,
            f"{together}, but the account has {has:,.0f}: write that number and `shared_by: {at_once}` into "
            f"the policy's `quota`, or have {code} raised in Service Quotas",
        )
