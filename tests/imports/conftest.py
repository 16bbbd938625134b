"""The city and its officers, and tables of cases."""

from __future__ import annotations

import pytest
from officials import city, city_database

__all__ = ["city", "city_database"]


@pytest.fixture
def spoil():
    """Ways in which rows go wrong, one after another: (column, cell, what is said)."""
    return [
        (0, "", "请填写案号"), (0, "（2025）云9901执1号", "重复"), (1, "三月", "请填写日期"), (2, "2025-01-01", "早于立案日期"),
        (4, "", "请填写"), (5, "别的", "所列选项"), (6, "两万", "本金"), (16, "990101199003070032", "证件号码"),
    ]  # fmt: skip
