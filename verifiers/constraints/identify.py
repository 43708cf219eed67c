"""
Which language a text is in, by langdetect, as the official checkers say it.

Officially the identifier draws random numbers; here their seed is fixed and the generator is its own,
so that the same text always gets the same answer, in any thread. Where nothing in a text tells a
language (no letters), the constraint counts as followed, as it does officially.
"""

from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

SEED = 0
MOST_CHARACTERS = 30_000
"""It reads the first 10,000 that are no address; more than this is not handed to it."""


LOADING = Lock()
"""Held while the profiles are loaded, so that two threads do not do it twice."""


def is_in(text: str, language: str) -> bool:
    """Say whether a text is in a language (ISO 639-1, `zh-cn`, `zh-tw`)."""
    with LOADING:
        factory, failure = _identifier()
    detector = factory.create()
    detector.append(text[:MOST_CHARACTERS])
    try:
        return bool(detector.detect() == language)
    except failure:
        return True


@lru_cache(maxsize=1)
def _identifier() -> tuple[Any, type[Exception]]:
    """Load the languages' profiles, in an order that does not depend on the file system."""
    from langdetect import LangDetectException  # noqa: PLC0415 - 200 ms, paid by whom a language matters
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory  # noqa: PLC0415 - likewise

    factory = DetectorFactory()
    factory.seed = SEED
    factory.load_json_profile(
        [path.read_text(encoding="utf-8") for path in sorted(Path(PROFILES_DIRECTORY).iterdir())]
    )
    return factory, LangDetectException
