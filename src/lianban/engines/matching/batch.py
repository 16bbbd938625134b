"""Batch collision: the parties of open matters against the registries, joined on packed keys by DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.matching.asking import Asked, Scope
from lianban.engines.matching.registries import Registry
from lianban.engines.matching.results import Hit, RegistryAnswer
from lianban.engines.matching.sources import Sources


@dataclass(frozen=True, slots=True)
class Parties:
    """Parties as columns of equal length: a million of them are no million objects."""

    refs: Sequence[str]
    kinds: Sequence[IdentifierKind]
    numbers: Sequence[str]
    names: Sequence[str]

    @classmethod
    def of(cls, asked: Iterable[Asked]) -> Parties:
        rows = tuple(asked)
        return cls(
            [one.ref for one in rows],
            [one.kind for one in rows],
            [one.number for one in rows],
            [one.name for one in rows],
        )


@dataclass(frozen=True, slots=True)
class BatchHit:
    """One row of one registry that belongs to one party."""

    ref: str
    registry: str
    hit: Hit


class BatchCollision:
    """What a batch found. ``answers`` holds each registry's state and as-of time (its ``hits`` are empty
    there); :meth:`hits` streams them by registry, then party's place, then row."""

    answers: Mapping[str, RegistryAnswer]

    def hits(self) -> Iterator[BatchHit]:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


def collide_batch(
    registries: Mapping[str, Registry],
    folder: Path | str,
    parties: Parties,
    scope: Scope,
    *,
    data: Path | str,
    now: datetime,
    sources: Sources | None = None,
    demo: bool = False,
    memory: str = "2GB",
    threads: int | None = None,
) -> BatchCollision:
    """Collide ``parties`` with every registry of the scope; the same hits as :class:`PointIndex` one by one."""
    raise NotImplementedError
