"""What holds for every test: the same examples in every run, however slow the machine."""

from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
