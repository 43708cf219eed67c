"""
The function's life: a policy at its cold start, a newer one between two batches, and the batches.

A policy in S3 (`ROUTER_POLICY=s3://bucket/key`) is read at the cold start, and again before a batch once a
minute has passed. Where it has changed and checks out, that batch and those after it are rewarded under it.
Where it cannot be read or has mistakes, the last good one goes on, the mistakes are logged, and each look
counts `policy_rejected`. At a cold start there is no last good one, and a batch must come back with rewards:
the packaged policy serves until a look finds a sound one, which is logged and counted in the same way.
Such a policy is not compiled beforehand: a cold start under it took four times as long as under the packaged
one (measured outside Lambda), half of that to load YAML and pydantic and to check it.

A policy that is packaged, or a file beside it, never changes; a mistake in it fails the start.
"""

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path

from router.about import about, is_asked
from router.away import placed
from router.batch import BatchHandler, seconds_left
from router.errors import PolicyError
from router.policy import DEFAULT_POLICY, Policy, load_policy
from router.policy.place import SCHEME, Place
from router.policy.watch import Watch
from router.settings import Settings
from router.telemetry import Telemetry

FIRST_SECONDS = 5.0
"""For the look at a cold start, retries included; Lambda gives it ten, imports included."""
LOOK_SECONDS, LOOK_SHARE = 2.0, 0.2
"""For any other look, which is taken from the batch's time, and of that time at the most."""
LEAST_SECONDS = 0.2
"""A batch that has no more than this for a look is not kept waiting: the next one looks."""
PACKAGED = "package"

log = logging.getLogger("router")


class Serving:
    """
    A handler: (event, context) -> reply, under the policy of the day.

    `now` returns the seconds since the epoch; `emit` takes the lines that are said.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], float] = time.time,
        emit: Callable[[str], None] = print,
    ) -> None:
        self._settings = settings
        self._emit = emit
        self._watch = _watch(settings.policy, now)
        self._from = settings.policy or PACKAGED
        policy = self._first(self._watch) if self._watch else load_policy(_path(settings.policy))
        telemetry = Telemetry(emit, settings.telling)
        self._handler = BatchHandler(
            placed(policy, settings.code),
            settings.judge,
            table=settings.table,
            trail=False,
            telemetry=telemetry,
        )
        if self._watch and self._watch.mistakes:
            self._rejected(self._watch.mistakes)

    def __call__(self, event: object, context: object) -> object:
        """Reward one batch of rollouts, or say what is served."""
        if self._watch and self._watch.is_due:
            seconds = min(LOOK_SECONDS, LOOK_SHARE * seconds_left(context))
            if seconds > LEAST_SECONDS:
                self._look(self._watch, seconds)
        if is_asked(event):
            mistakes = self._watch.mistakes if self._watch else []
            return about(self._handler.policy, self._from, mistakes, self._settings)
        return self._handler(event, context)

    def close(self) -> None:
        """Hang up."""
        self._handler.close()

    def _first(self, watch: Watch) -> Policy:
        """Return the policy that lies in its place, or else the packaged one."""
        try:
            policy = watch.look(FIRST_SECONDS)
        except PolicyError as refused:
            self._from = PACKAGED
            try:
                return load_policy()
            except PolicyError as error:
                raise PolicyError([*refused.mistakes, *error.mistakes]) from None
        assert policy  # noqa: S101 - nothing was seen before
        return policy

    def _look(self, watch: Watch, seconds: float) -> None:
        """Take a newer policy, unless there is none or it is refused."""
        known = watch.mistakes
        try:
            policy = watch.look(seconds)
        except PolicyError as error:
            self._rejected(error.mistakes, known)
            return
        if policy:
            self._take(policy, str(watch.place))

    def _take(self, policy: Policy, place: str) -> None:
        before = self._handler.policy.fingerprint
        self._from = place
        if policy.fingerprint != before:
            self._handler.change_to(placed(policy, self._settings.code))
            line = {"event": "policy", "policy": policy.fingerprint, "before": before, "from": place}
            self._emit(json.dumps(line))

    def _rejected(self, mistakes: list[str], known: list[str] | None = None) -> None:
        """Count a look that found no policy to take; log why, once for as long as it stays so."""
        self._handler.policy_rejected()
        if mistakes != known:
            serving = f"{self._handler.policy.fingerprint} of {self._from}"
            log.error("policy refused, %s goes on:\n%s", serving, "\n".join(mistakes))


def _watch(location: str, now: Callable[[], float]) -> Watch | None:
    """Return the watch over a policy in S3; None for a file, which stays as it is."""
    if not location.startswith(SCHEME):
        return None
    try:
        place = Place.of(location)
    except ValueError as error:
        raise PolicyError([f"ROUTER_POLICY: {error}"]) from None
    from router.policy.s3 import S3Object  # noqa: PLC0415 - the AWS SDK, for those whose policy lies there

    return Watch(place, S3Object(place), now=now)


def _path(location: str) -> Path:
    return Path(location) if location else DEFAULT_POLICY
