"""The city and its officers."""

from officials import city, city_database

__all__ = ["city", "city_database"]
