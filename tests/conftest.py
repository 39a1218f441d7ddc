"""For every test: no property is about speed, so none has a deadline."""

from hypothesis import settings

settings.register_profile("monitor", deadline=None)
settings.load_profile("monitor")
