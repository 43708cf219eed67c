"""The grammar of judges: which models they ask, and how. A model's settings are the fields of its class."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from judges import JUDGES
from judges.base import Settings
from router.policy.sections import Section, Share, one_of, section_of

Count = Annotated[int, Field(ge=1, le=1_000_000_000)]


class Quota(Section):
    """What the account may ask of one model."""

    requests_per_minute: Count | None = None
    """Left out: learnt."""
    tokens_per_minute: Count | None = None
    """Input and `max_tokens` together. Left out: learnt."""
    shared_by: Count = 1
    """How many instances of the function share it."""


class WithQuota(Section):
    """What is said of a model beside how it is called."""

    quota: Quota = Quota()
    """What the account may ask of this model; left out: learnt."""


def _each_once(models: list[str]) -> list[str]:
    if len(set(models)) < len(models):
        raise ValueError("names a model twice: each has one vote")
    return models


class Panel(Section):
    """Several models that vote."""

    models: Annotated[
        list[Annotated[str, Field(min_length=1)]],
        Field(min_length=2, max_length=9),
        AfterValidator(_each_once),
    ]
    """Model ids; each is asked."""
    take: Literal["median", "majority", "mean"] = "median"
    """How their verdicts become one."""


class WithScores(WithQuota):
    """What is said of a backup beside how it is called."""

    scores: Annotated[list[Share], Field(min_length=2, max_length=2)] = [0.0, 1.0]
    """Where this model's 0 and 1 lie on the first model's scale, so that a backup does not shift rewards."""


Backup: Any = section_of(
    Settings,
    "Backup",
    "A model that is asked when those before it are down, throttled or too slow.",
    base=WithScores,
)


class WithOthers(WithQuota):
    """What is said of a judge beside its first model."""

    backups: Annotated[list[Backup], Field(max_length=9)] = []
    """Models asked in order when those before them are down, throttled or too slow."""
    hedge: Share = 0.0
    """Share of calls that may be asked a second time when they straggle."""
    panel: Panel | None = None
    """Several models instead of one."""


JudgeDefaults: Any = section_of(
    Settings,
    "JudgeDefaults",
    "Which model a judge asks, and how.",
    base=WithOthers,
    optional={"model"},
)
JudgeChoice: Any = one_of(
    "Judge", {name: section_of(cls, f"{name}_judge", base=JudgeDefaults) for name, cls in JUDGES.items()}
)
