"""The city and its officers, with registries of their own."""

from officials import city, city_database

__all__ = ["city", "city_database"]
