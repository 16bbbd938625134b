"""Point collision: one party against every registry at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from lianban.engines.matching.asking import Asked, Scope
from lianban.engines.matching.registries import Registry
from lianban.engines.matching.results import Collision, RegistryState
from lianban.engines.matching.sources import Sources


class PointIndex:
    """An index open for reading, to be kept and used by many threads and processes at once.

    It looks at every question whether a newer index was swapped in, and follows.
    """

    def __init__(
        self,
        registries: Mapping[str, Registry],
        folder: Path | str,
        *,
        data: Path | str,
        sources: Sources | None = None,
        demo: bool = False,
    ) -> None:
        """Raises :class:`~lianban.engines.matching.errors.NoIndex` where none was built."""
        raise NotImplementedError

    def collide(self, asked: Asked, scope: Scope, *, now: datetime) -> Collision:
        """What the registries say about one party, within the scope. ``now`` decides what is late."""
        raise NotImplementedError

    def states(self, now: datetime) -> dict[str, RegistryState]:
        """Which registries can be asked now, and why others cannot."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError
