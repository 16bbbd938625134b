"""The city for what is recorded; no deadline for an example: the first one reads the books, and CI machines are shared."""

from hypothesis import settings
from officials import city, city_database

__all__ = ["city", "city_database"]

settings.register_profile("payments", deadline=None)
settings.load_profile("payments")
