"""What must hold of every batch, whatever its models do. Each function yields what does not hold."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator

from judges.switchboard.ledger import worst_case
from judges.switchboard.patience import ENOUGH
from judges.switchboard.switchboard import MOST_ATTEMPTS
from router.cache import LEADERS
from router.types import Silence, Spent, Verdict
from tests.simulated.model import ANSWERED, CUT_OFF, Faults
from tests.simulated.schedules import mark
from tests.simulated.simulator import Played, Record, told

EPSILON = 1e-6
SILENCES = {
    "JudgeLate",
    "JudgeLost",
    "JudgeOverBudget",
    "JudgeRefused",
    "JudgeRejected",
    "JudgeThrottled",
    "JudgeUnavailable",
    "JudgeUnreadable",
}


def broken(record: Record) -> list[str]:
    """Return what does not hold; each line says where."""
    found = []
    for number, one in enumerate(record.batches, 1):
        for check in CHECKS:
            found += [f"batch {number}: {check.__name__}: {what}" for what in check(record, one)]
    return [*found, *repeated(record), *the_day_is_kept(record)]


def each_question_has_its_own_answer(record: Record, one: Played) -> Iterator[str]:
    """Every question is answered once and in order, in range, or with a silence of a known kind."""
    if len(one.judged) != len(one.order.responses):
        yield f"{len(one.judged)} answers for {len(one.order.responses)} questions"
    for response, judged in zip(one.order.responses, one.judged, strict=False):
        finding = judged.finding
        if isinstance(finding, Silence):
            if finding.error not in SILENCES:
                yield f"{finding}"
        elif finding.reason.split(": ")[-1] != response:
            yield f"{response!r} was answered by {finding.reason!r}"
        elif not (0 <= finding.score <= 1 and 0 <= finding.confidence <= 1):
            yield f"{finding}"


def the_deadline_is_kept(record: Record, one: Played) -> Iterator[str]:
    """The batch is back, and no call is made or still out after it."""
    deadline = one.batch.deadline
    if one.ended > deadline + EPSILON:
        yield f"back at {one.ended}, {one.ended - deadline} s late"
    for call in one.calls:
        if call.at >= deadline or call.ended > deadline + EPSILON:
            yield f"{told(call)} beyond {deadline}"


def nothing_is_started_in_vain(record: Record, one: Played) -> Iterator[str]:
    """Where latencies are known, no call starts so late that half the usual one reaches past the deadline."""
    for call in one.calls:
        model = record.schedule.models[call.settings.model]
        known = sum(other.came_of_it == ANSWERED and other.ended <= call.at for other in model.calls)
        if known >= ENOUGH and call.at + model.median / 2 > one.batch.deadline:
            yield f"{told(call)} before {one.batch.deadline}"


def the_budget_is_kept(record: Record, one: Played) -> Iterator[str]:
    """What is spent or reserved never exceeds the cap, and nothing stays reserved."""
    if one.most_held > one.order.cap + 1e-9:
        yield f"{one.most_held} held of {one.order.cap}"
    if one.batch.ledger.spent > one.order.cap + 1e-9 or one.batch.ledger.reserved:
        yield f"{one.batch.ledger.spent} spent, {one.batch.ledger.reserved} reserved of {one.order.cap}"


def the_ledger_is_exact(record: Record, one: Played) -> Iterator[str]:
    """By model and rule it says what the models' own logs say; questions say the same in sum."""
    wanted: defaultdict[tuple[str, str], Spent] = defaultdict(Spent)
    for call in one.calls:
        rule = ("math", "short answers")[int(mark(call.prompt).split()[1]) % 2]
        entry = wanted[call.settings.model, rule]
        if call.came_of_it == ANSWERED and call.reply:
            used = (call.reply.input_tokens, call.reply.output_tokens)
            entry.add(Spent(1, *used, call.settings.price.usd(*used)))
        elif call.came_of_it in {CUT_OFF, "JudgeLost"}:
            entry.add(Spent(lost=1, lost_usd=worst_case(call.prompt, call.settings)))
        elif call.came_of_it == "JudgeThrottled":
            entry.add(Spent(throttled=1))
    for key in {*wanted, *one.batch.ledger.by}:
        if not same(wanted[key], one.batch.ledger.by.get(key, Spent())):
            yield f"{key}: {one.batch.ledger.by.get(key)}, where the models say {wanted[key]}"
    told_usd = math.fsum(judged.call.usd for judged in one.judged if judged.call)
    if not math.isclose(told_usd, math.fsum(each.usd for each in wanted.values()), abs_tol=1e-9):
        yield f"the questions say ${told_usd}"


def same(one: Spent, other: Spent) -> bool:
    """Say whether two entries are the same, dollars but for rounding."""
    return all(
        math.isclose(getattr(one, name), getattr(other, name), rel_tol=1e-9, abs_tol=1e-12)
        for name in Spent.__slots__
    )


def a_rejected_model_is_asked_no_more(record: Record, one: Played) -> Iterator[str]:
    """Once a refusal for good is back, no call of this batch follows; a model never reached is asked once."""
    for name, model in record.schedule.models.items():
        calls = [call for call in one.calls if call.settings.model == name]
        rejected = [call.ended for call in calls if call.came_of_it == "JudgeRejected"]
        after = [call for call in calls if rejected and call.at > min(rejected) + EPSILON]
        if after:
            yield f"{told(after[0])} after a refusal at {min(rejected)}"
        if model.faults.rejects_from == 0 and one is record.batches[0] and len(calls) > 1:
            yield f"{name} was asked {len(calls)} times"


def attempts_are_bounded(record: Record, one: Played) -> Iterator[str]:
    """A question is put to a model so often at the most, and so few calls are hedged."""
    most_hedged = max(
        model.hedge for model in (*record.schedule.asked.models, *record.schedule.asked.backups)
    )
    if one.batch.hedges > most_hedged * one.batch.calls + 1:
        yield f"{one.batch.hedges} hedges of {one.batch.calls} calls"
    asked = Counter((call.settings.model, mark(call.prompt)) for call in one.calls)
    most = 2 * LEADERS * MOST_ATTEMPTS * (2 if most_hedged else 1)
    for key, times in asked.items():
        if times > most:
            yield f"{key} was asked {times} times"


def all_is_answered_where_nothing_is_wrong(record: Record, one: Played) -> Iterator[str]:
    """Without faults, caps and hurry nobody stays without a verdict."""
    if min(one.order.cap, record.schedule.usd_per_day) < math.inf or one.order.seconds < 300:
        return
    if any(model.faults != Faults() or model.per_second for model in record.schedule.models.values()):
        return
    for judged in one.judged:
        if not isinstance(judged.finding, Verdict):
            yield f"{judged.finding}"


def the_day_is_kept(record: Record) -> Iterator[str]:
    """All batches together, their audits among them, spend no more than the day's budget."""
    spent = math.fsum(one.batch.ledger.spent for one in record.batches)
    if spent > record.schedule.usd_per_day + 1e-9:
        yield f"{spent} spent on a day of {record.schedule.usd_per_day}"


def repeated(record: Record) -> Iterator[str]:
    """Yield each question that was put to a model although its readable reply was there, or was under way."""
    hedged = any(one.hedge for one in (*record.schedule.asked.models, *record.schedule.asked.backups))
    calls = sorted((call for one in record.batches for call in one.calls), key=lambda call: call.at)
    busy: dict[tuple[str, str], float] = {}
    said: dict[tuple[str, str], float] = {}
    for call in calls:
        key = (call.settings.model, mark(call.prompt))
        if call.at > said.get(key, math.inf) + EPSILON:
            yield f"paid twice: {told(call)}"
        if not hedged and call.at < busy.get(key, 0.0) - EPSILON:
            yield f"asked twice at once: {told(call)}"
        busy[key] = call.ended
        if call.reply and isinstance(call.reply.content, dict):
            said.setdefault(key, call.ended)


CHECKS = (
    each_question_has_its_own_answer,
    the_deadline_is_kept,
    nothing_is_started_in_vain,
    the_budget_is_kept,
    the_ledger_is_exact,
    a_rejected_model_is_asked_no_more,
    attempts_are_bounded,
    all_is_answered_where_nothing_is_wrong,
)
