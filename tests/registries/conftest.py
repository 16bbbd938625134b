"""The city and its officers, with registries of their own."""

import pytest
from officials import city, city_database
from registry_city import registered

__all__ = ["city", "city_database"]


@pytest.fixture
def registry_city(city, tmp_path):
    """The city with registries that can be filled, built and asked."""
    with registered(city, tmp_path) as made:
        yield made
