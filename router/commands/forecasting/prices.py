"""What Lambda costs in us-east-1, in dollars, as of November 2026; its free tier is left out."""

GB_SECOND = {"arm64": 0.0000133334, "x86_64": 0.0000166667}
"""For each gigabyte-second, the seconds in which a function only waits included."""
REQUEST = 0.20 / 1e6


def invocations(count: float, seconds: float, megabytes: int, arch: str) -> float:
    """Return the dollars for so many invocations of so many seconds each."""
    return count * (seconds * megabytes / 1024 * GB_SECOND[arch] + REQUEST)
