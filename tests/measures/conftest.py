"""No deadline for an example: the first one reads the books, and CI machines are shared."""

from hypothesis import settings
from measure_city import holding
from officials import city, city_database

__all__ = ["city", "city_database", "holding"]

settings.register_profile("measures", deadline=None)
settings.load_profile("measures")
