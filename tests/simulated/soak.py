"""
Play many seeds of the simulator; say which break an invariant, and how to play one again.

    python -m tests.simulated.soak --seeds 10000
    python -m tests.simulated.soak --seed 4711          plays one, and prints its log

Ends with status 1 where an invariant breaks.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from traceback import format_exc

from tqdm import tqdm

from tests.simulated.invariants import broken
from tests.simulated.schedules import schedule
from tests.simulated.simulator import play

TWICE = 20
"""Every so many seeds one is played twice, and must go the same way."""


def faults(seed: int) -> list[str]:
    """Return what breaks with this seed; a crash counts."""
    try:
        record = play(schedule(seed))
        found = broken(record)
        if seed % TWICE == 0 and play(schedule(seed)).log() != record.log():
            found.append("the same seed went another way")
    except Exception:
        return [format_exc()]
    return found


def replay(seed: int) -> str:
    """Return the command that plays a seed again."""
    return f"python -m tests.simulated.soak --seed {seed}"


def main() -> int:
    """Play the seeds."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulated.soak")
    parser.add_argument("--seeds", type=int, default=10_000, help="how many, from 0 on")
    parser.add_argument("--seed", type=int, help="play this one and print its log")
    options = parser.parse_args()
    if options.seed is not None:
        record = play(schedule(options.seed))
        sys.stdout.write(f"{record.schedule}\n{record.log()}\n")
    seeds = range(options.seeds) if options.seed is None else [options.seed]
    failed = 0
    with ProcessPoolExecutor() as workers:
        played = workers.map(faults, seeds, chunksize=20)
        for seed, found in tqdm(zip(seeds, played, strict=True), total=len(seeds), disable=len(seeds) == 1):
            if found:
                failed += 1
                tqdm.write(
                    "\n".join([f"{replay(seed)}", *(f"  {what}" for what in found[:3])]), file=sys.stdout
                )
    sys.stdout.write(f"{failed} of {len(seeds)} seeds break an invariant.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
