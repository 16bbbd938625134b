"""No deadline for an example: the first one reads the books, and CI machines are shared."""

from hypothesis import settings

settings.register_profile("payments", deadline=None)
settings.load_profile("payments")
