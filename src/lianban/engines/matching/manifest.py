"""What an index consists of, in one file that is replaced at once: ``index.json``.

Everything else in the folder is a file of one generation, written once under a name of its own. A build
that is killed leaves files that no manifest names; the next build removes them. Files of the generation
before are removed after the swap: who has them open goes on reading them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from lianban.engines.matching.errors import IndexUnreadable, NoIndex
from lianban.engines.matching.results import Reason

NAME = "index.json"
FORMAT = 2


@dataclass(frozen=True, slots=True)
class File:
    """A file of the index: its name in the folder, its size, and BLAKE2b over its bytes."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Indexed:
    """One registry in the index. Without ``segment`` there is nothing to answer from, and ``reason`` says why.

    ``slots`` are the numbers of its key columns in the postings, in their order.
    """

    registry: str
    hash: str
    fingerprint: str
    slots: tuple[int, ...]
    as_of: datetime | None
    indexed_at: datetime
    rows: int
    valid: int
    old: int
    invalid: int
    blank: int
    repeated: int
    segment: File | None = None
    store: File | None = None
    reason: Reason | None = None
    detail: str = ""


@dataclass(frozen=True)
class Manifest:
    """The index as a whole. ``version`` is the generation and a digest of everything in it."""

    generation: int
    built_at: datetime
    demo: bool
    postings: File
    registries: Mapping[str, Indexed]

    @property
    def version(self) -> str:
        return f"{self.generation:06d}-{hashlib.sha256(self._bytes()).hexdigest()[:12]}"

    @property
    def files(self) -> frozenset[str]:
        """Every file of the index but the manifest itself."""
        named = [self.postings, *(file for r in self.registries.values() for file in (r.segment, r.store))]
        return frozenset(file.name for file in named if file is not None)

    def write(self, folder: Path) -> None:
        """Swap this index in. On return it is on disk."""
        content = self._bytes()
        signed = orjson.dumps(
            {"sha256": hashlib.sha256(content).hexdigest(), "index": orjson.Fragment(content)}
        )
        beside = folder / f"{NAME}.new"
        with beside.open("wb") as file:
            file.write(signed)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, folder / NAME)
        sync_folder(folder)

    def _bytes(self) -> bytes:
        return orjson.dumps(
            {
                "format": FORMAT,
                "generation": self.generation,
                "built_at": self.built_at,
                "demo": self.demo,
                "postings": asdict(self.postings),
                "registries": {code: asdict(entry) for code, entry in sorted(self.registries.items())},
            },
            option=orjson.OPT_SORT_KEYS,
        )


def read_manifest(folder: Path) -> Manifest:
    """The manifest in ``folder``. Raises :class:`NoIndex`, or :class:`IndexUnreadable` where it is not whole."""
    try:
        source = (folder / NAME).read_bytes()
    except FileNotFoundError:
        raise NoIndex(folder=folder.name) from None
    except OSError as error:
        raise IndexUnreadable(folder=folder.name, found=str(error.strerror)) from None
    try:
        loaded = orjson.loads(source)
        content = loaded["index"]
        if content["format"] != FORMAT:
            raise IndexUnreadable(folder=folder.name, found=f"format {content['format']}")
        if hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest() != loaded["sha256"]:
            raise IndexUnreadable(folder=folder.name, found="sha256")
        return Manifest(
            content["generation"],
            datetime.fromisoformat(content["built_at"]),
            content["demo"],
            File(**content["postings"]),
            {code: _indexed(entry) for code, entry in content["registries"].items()},
        )
    except (ValueError, KeyError, TypeError) as error:
        raise IndexUnreadable(folder=folder.name, found=type(error).__name__) from None


def sealed(path: Path) -> File:
    """A finished file, on disk, with its size and digest."""
    hasher = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        os.fsync(file.fileno())
        while part := file.read(1 << 22):
            hasher.update(part)
    return File(path.name, path.stat().st_size, hasher.hexdigest())


def sync_folder(folder: Path) -> None:
    """Names are on disk only when their folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _indexed(entry: dict[str, Any]) -> Indexed:
    return Indexed(
        **{
            **entry,
            "slots": tuple(entry["slots"]),
            "as_of": datetime.fromisoformat(entry["as_of"]) if entry["as_of"] else None,
            "indexed_at": datetime.fromisoformat(entry["indexed_at"]),
            "segment": File(**entry["segment"]) if entry["segment"] else None,
            "store": File(**entry["store"]) if entry["store"] else None,
            "reason": Reason(entry["reason"]) if entry["reason"] else None,
        }
    )
