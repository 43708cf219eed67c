"""
What a job will cost and how long its reward calls take, from a survey of rollouts of its kind.

Each figure is a `Range`: what the file says, and between which values the truth lies with 90 % confidence.
Where tokens, replies and repeats are assumed, the lower end takes the least of them and the upper the most.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from router.commands.forecasting import prices
from router.commands.forecasting.calls import Planned
from router.commands.forecasting.job import Job
from router.commands.forecasting.serving import Address
from router.commands.forecasting.spread import Range, Resamples
from router.commands.forecasting.survey import Group, Survey
from router.commands.forecasting.timing import Timing, timing
from router.commands.summary import NO_RULE
from router.errors import RouterError

FEWEST_GROUPS = 2
Figure = Callable[[Group], float]
Each = Callable[[Planned], tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class RuleOutlook:
    """A rule's samples as a share of all, and what becomes of them as shares of its own."""

    samples: Range
    settled: Range
    asked: Range


@dataclass(frozen=True, slots=True)
class ModelOutlook:
    """What a model is asked over the whole job, and says."""

    calls: Range
    input_tokens: Range
    output_tokens: Range
    usd: Range


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything that is forecast about a job."""

    job: Job
    rows: int
    groups: int
    """Of the file."""
    settled: Range
    """Share of the samples."""
    asked: Range
    questions: Range
    """Before any of them is found to be the same as another."""
    calls: Range
    rules: Mapping[str, RuleOutlook]
    models: Mapping[Address, ModelOutlook]
    judges_usd: Range
    lambda_usd: Range
    timing: Timing
    latencies: int
    """Replies in the file's trails whose seconds are used; 0: they are assumed."""

    @property
    def usd(self) -> Range:
        """Everything, in dollars."""
        return self.judges_usd.plus(self.lambda_usd)

    @property
    def seconds(self) -> Range:
        """The whole job, if all its invocations are kept under way and nothing else is waited for."""
        return self.timing.seconds.times(self.job.rounds)


def outlook(survey: Survey, job: Job) -> Outlook:
    """Return what to expect; raise RouterError where the file is too small for a range."""
    groups = list(survey.groups.values())
    if groups and all(group.rule == NO_RULE for group in groups):
        raise RouterError(
            "no row of the file can be rewarded: a forecast needs rollouts, each with the model's response"
            " as its last message, and not a job's training rows"
        )
    if len(groups) < FEWEST_GROUPS:
        raise RouterError(
            f"a range needs rollouts of {FEWEST_GROUPS} prompts at the least, and better of 30: the file has"
            f" {len(groups)} rollout group{'s' * (len(groups) != 1)}"
        )
    draws = _Draws(groups, job.samples, survey.rows)
    timed = timing(survey, job)
    return Outlook(
        job=job,
        rows=survey.rows,
        groups=len(groups),
        settled=draws.share(lambda group: group.settled, lambda group: group.rows),
        asked=draws.share(lambda group: group.asked, lambda group: group.rows),
        questions=draws.total(lambda group: group.questions),
        calls=draws.calls(lambda call: (1, 1, 1)),
        rules={name: draws.rule(name) for name in dict.fromkeys(group.rule for group in groups)},
        models={address: draws.model(address) for address in survey.quotas},
        judges_usd=draws.calls(lambda call: call.usd),
        lambda_usd=_on_lambda(timed.seconds, job),
        timing=timed,
        latencies=len(survey.latencies),
    )


def _on_lambda(seconds: Range, job: Job) -> Range:
    low, expected, high = (
        prices.invocations(job.invocations, one, job.memory, job.arch)
        for one in (seconds.low, seconds.expected, seconds.high)
    )
    return Range(low, expected, high)


class _Draws:
    """The file drawn anew many times, and what of it a job's samples make."""

    def __init__(self, groups: Sequence[Group], samples: int, rows: int) -> None:
        self._groups = groups
        self._samples = samples
        self._draws = Resamples(len(groups), ahead=samples * len(groups) / rows)

    def share(self, above: Figure, below: Figure) -> Range:
        """Return a share, which is no more than all."""
        found = self._draws.ratio([above(one) for one in self._groups], [below(one) for one in self._groups])
        return Range(found.low, found.expected, min(1.0, found.high))

    def total(self, figure: Figure) -> Range:
        """Return what a figure comes to over the job."""
        found = self._draws.ratio([figure(one) for one in self._groups], [one.rows for one in self._groups])
        return found.times(self._samples)

    def rule(self, name: str) -> RuleOutlook:
        """Return what becomes of a rule's samples."""

        def rows(group: Group) -> int:
            return group.rows * (group.rule == name)

        return RuleOutlook(
            samples=self.share(rows, lambda group: group.rows),
            settled=self.share(lambda group: group.settled * (group.rule == name), rows),
            asked=self.share(lambda group: group.asked * (group.rule == name), rows),
        )

    def model(self, address: Address) -> ModelOutlook:
        """Return what a model is asked, and says."""
        return ModelOutlook(
            calls=self.calls(lambda call: (1, 1, 1), address),
            input_tokens=self.calls(lambda call: call.input_tokens, address),
            output_tokens=self.calls(lambda call: call.output_tokens, address),
            usd=self.calls(lambda call: call.usd, address),
        )

    def calls(self, each: Each, address: Address | None = None) -> Range:
        """Return a figure of the calls to one model, or to all: from the least to the most."""

        def figure(case: int) -> Figure:
            return lambda group: sum(
                call.times[case] * each(call)[case]
                for call in group.calls
                if address is None or call.address == address
            )

        least, expected, most = (self.total(figure(case)) for case in range(3))
        return Range(least.low, expected.expected, most.high)
