"""The city with two courts that hold things: what is sold must be held first."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "measures"))

from measure_city import holding
from officials import city, city_database

__all__ = ["city", "city_database", "holding"]
