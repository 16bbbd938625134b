"""No deadline for an example: the first one loads the register of areas, and CI machines are shared."""

from hypothesis import settings

settings.register_profile("identifiers", deadline=None)
settings.load_profile("identifiers")
