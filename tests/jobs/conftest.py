"""The city and its officers; the killing of workers, which benchmarks do as well."""

import sys
from pathlib import Path

from officials import city, city_database

sys.path.append(str(Path(__file__).resolve().parents[2]))  # where benchmarks/ is

__all__ = ["city", "city_database"]
