"""
What the function says of itself; never a word of a sample, unless it is asked for.

    outcome    what a batch came to, as it is told
    line       one line a batch, for the command line
    metrics    the table of all metrics: name, unit, dimensions       <- the one source
    sums       outcomes, added up
    emf        sums -> lines that CloudWatch makes metrics of
    meter      when those lines are written: rarely, and at once when there is trouble
    bugs       where a bug struck, and how many did
    samples    LOG_SAMPLES: a share of the texts, redacted (redact)
    trails     TRAILS: a share of the whole trails, in S3, to be replayed by `score`
    telemetry  all of them, side by side
"""

from router.telemetry.bugs import log_bug
from router.telemetry.outcome import Outcome
from router.telemetry.telemetry import Telemetry, Telling

__all__ = ["Outcome", "Telemetry", "Telling", "log_bug"]
