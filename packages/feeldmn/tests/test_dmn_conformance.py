"""The DMN conformance kit: every case of level 2 and level 3."""

from __future__ import annotations

import pytest

from feeldmn.conformance import run_level
from feeldmn.java import JAVA_LANG

pytestmark = pytest.mark.data


@pytest.mark.parametrize(("level", "total", "not_null"), [(2, 116, 105), (3, 3275, 1822)])
def test_level_is_complete(kit, level, total, not_null):
    """All cases pass, those that expect a value as well, and no null from an error is silent."""
    result = run_level(kit, level, JAVA_LANG)
    assert [f"{failed.case.folder} {failed.case.id}: {failed.reason}" for failed in result.failed] == []
    assert result.count() == (total, total)
    assert result.count(nulls=False) == (not_null, not_null)
    assert [found.case.id for found in result.results if found.silent] == []


def test_kit_can_fail(kit):
    """Without counterparts of Java's functions exactly the cases that call them fail: the run does compare."""
    result = run_level(kit, 3)
    assert {failed.case.folder for failed in result.failed} == {"0076-feel-external-java"}
    assert len(result.failed) == 14
