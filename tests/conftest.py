"""What holds for all tests: a busy machine fails no property test."""

from hypothesis import settings

settings.register_profile("otosata", settings(deadline=None))
settings.load_profile("otosata")
