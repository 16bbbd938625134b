"""Build the index of the declared registries, and let the agencies that hold one answer by themselves.

The operator's act: it runs as the owner role, makes for each holding agency the machine account its answers are written by
(and for each court the account that asks at night), and writes what was found into the directory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lianban.engines.matching import BuildReport
from lianban.records import machines, registries, scenes
from lianban.records.directory import directory
from lianban.records.registries import RegistryLine


@dataclass(frozen=True, slots=True)
class RegistriesBuilt:
    report: BuildReport
    lines: list[RegistryLine]


def build_registries(cursor: Any, now: datetime, only: Iterable[str] = ()) -> RegistriesBuilt:
    """``only`` reads these registries again and takes the others as they were indexed."""
    lookup = directory(cursor)
    known = registries.declared()
    holders = {lookup.agency(one.agency).id for one in known.values()}  # refused before an hour of building
    report = registries.build(now, only)
    for holder in sorted(holders):
        machines.enrol(cursor, holder, machines.RESPONDER, now)
    leads = {pack.lead for pack in scenes.scenes().values() if "collisions" in pack.records}
    for agency in lookup.agencies.values():
        if agency.kind in leads:
            machines.enrol(cursor, agency.id, machines.NIGHT, now)
    return RegistriesBuilt(report, registries.publish(cursor, now, report.version))


def look_at_registries(cursor: Any, now: datetime) -> list[RegistryLine]:
    """What each registry says of itself now, written into the directory: nothing is built."""
    return registries.publish(cursor, now)
