"""No deadline for an example: the first one reads the book and the calendar, and CI machines are shared."""

from hypothesis import settings

settings.register_profile("clocks", deadline=None)
settings.load_profile("clocks")
