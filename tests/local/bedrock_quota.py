"""A quota as Bedrock enforces it: a bucket of requests that fills steadily and holds a burst."""

from dataclasses import dataclass, field


@dataclass
class Quota:
    """So many requests per second; the bucket is full at first."""

    per_second: float
    burst: int = 1
    _left: float = field(init=False)
    _counted_at: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._left = self.burst

    def allows(self, now: float) -> bool:
        """Take one request out of the bucket, at a time in seconds; False where it holds none."""
        since = 0.0 if self._counted_at is None else now - self._counted_at
        self._counted_at = now
        self._left = min(self.burst, self._left + since * self.per_second)
        if self._left < 1:
            return False
        self._left -= 1
        return True
