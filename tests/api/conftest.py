"""The city and its officers."""

from officials import city, city_template

__all__ = ["city", "city_template"]
