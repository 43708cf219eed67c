"""
The two loops that are usually written around a judge, in virtual time, for the benchmarks to compare with.

    boto3 and 64 threads      as it comes: legacy retries, 5 attempts of which the last four wait a random
                              part of 1, 2, 4 and 8 seconds; 60 seconds without a byte end a call
    tenacity loop, 64 wide    a semaphore of 64 around 5 attempts with `wait_random_exponential(max=60)`, each
                              for 20 seconds, as our own policy has it

Neither knows that questions repeat, what the quota is, or when the batch must be back.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from judges.base import Price, Prompt, Settings
from router.errors import JudgeError, JudgeLost, JudgeUnavailable
from tests.simulated.model import SimulatedModel
from tests.simulated.virtual_time import run

WIDE = 64
ATTEMPTS = 5
SETTINGS = Settings(model="nova", price=Price(0.06, 0.24))


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop by what it does when a call fails, and by how long it lets one hang."""

    read_timeout: float
    longest_wait: float

    def put(self, model: SimulatedModel, texts: Sequence[str], *, deadline: float, seed: int) -> list[float]:
        """Ask all of them; return when each answer came, those of the answers that came in time."""
        rng = Random(seed)

        async def batch() -> list[float]:
            places = asyncio.Semaphore(WIDE)
            asked = [asyncio.create_task(self._ask(model, text, places, rng)) for text in texts]
            done, late = await asyncio.wait(asked, timeout=deadline)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            return [at for at in (task.result() for task in done) if at is not None]

        return run(batch())

    async def _ask(
        self, model: SimulatedModel, text: str, places: asyncio.Semaphore, rng: Random
    ) -> float | None:
        async with places:
            for attempt in range(ATTEMPTS):
                try:
                    await self._call(model, text)
                    return asyncio.get_running_loop().time()
                except JudgeUnavailable:
                    if attempt < ATTEMPTS - 1:
                        await asyncio.sleep(rng.uniform(0, min(self.longest_wait, 2**attempt)))
                except JudgeError:
                    return None
        return None

    async def _call(self, model: SimulatedModel, text: str) -> None:
        try:
            async with asyncio.timeout(self.read_timeout):
                await model.call(Prompt("", text, {}, {}), SETTINGS)
        except TimeoutError:
            raise JudgeLost("no reply") from None


BOTO3 = Loop(read_timeout=60.0, longest_wait=20.0)
TENACITY = Loop(read_timeout=20.0, longest_wait=60.0)
