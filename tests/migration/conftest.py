"""The city and its officers, and new versions of its drawing."""

import sys
from pathlib import Path

from officials import city, city_database

__all__ = ["city", "city_database"]

# The drawings and blocks of the process tests.
sys.path.insert(0, str(Path(__file__).parents[1] / "process"))
