"""Builds the index of all registries, or anew of some: streaming, sorted, swapped in at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lianban.engines.matching.registries import Registry
from lianban.engines.matching.results import Reason
from lianban.engines.matching.sources import Sources


@dataclass(frozen=True, slots=True)
class RegistryReport:
    """What a build found in one registry. The four kinds of key texts add up to the key columns' cells.

    ``valid`` texts are valid identifiers (``old`` of them of fifteen digits), ``invalid`` are not,
    ``blank`` are empty; ``repeated`` counts rows beyond the first of a valid key.
    """

    registry: str
    rows: int
    valid: int
    old: int
    invalid: int
    blank: int
    repeated: int
    as_of: datetime | None
    reason: Reason | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. ``version`` names the index that is now answered from."""

    version: str
    registries: Mapping[str, RegistryReport]

    @property
    def broken(self) -> tuple[str, ...]:
        """The registries that could not be indexed; they answer ``broken`` until they can."""
        return tuple(code for code, report in self.registries.items() if report.reason is not None)


def build_index(
    registries: Mapping[str, Registry],
    folder: Path | str,
    *,
    data: Path | str,
    now: datetime,
    only: Collection[str] = (),
    sources: Sources | None = None,
    demo: bool = False,
    memory: str = "2GB",
    threads: int | None = None,
) -> BuildReport:
    """Index ``registries`` into ``folder`` and swap the new index in; those who read keep the old one.

    ``data`` is the folder that declared files stand below. ``only`` reads these registries again and takes
    the others as they were indexed before. ``demo`` accepts numbers of made-up people (prefix 99). A
    registry whose table cannot be read does not stop the build: the report and every later answer say so.
    Killed at any moment, the index that was there still answers. ``memory`` bounds what sorting may use
    before it spills into ``folder``. Raises :class:`~lianban.engines.matching.errors.IndexBusy` while
    another build runs, :class:`~lianban.engines.matching.errors.UnknownRegistry` for a wrong ``only``.
    """
    raise NotImplementedError
