"""What holds for every test: the same examples in every run, however slow the machine."""

import gc

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


@pytest.fixture(scope="module", autouse=True)
def short_collections() -> None:
    """
    Keep what is loaded by now out of the garbage collector's sight.

    Going through what thousands of tests have loaded stops the process for up to a second, and a batch that
    is on its deadline then comes back late.
    """
    gc.collect()
    gc.freeze()
