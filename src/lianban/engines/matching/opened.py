"""One generation of an index, open for reading."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

import lmdb

from lianban.engines.matching.errors import IndexUnreadable
from lianban.engines.matching.keys import Key, Lane
from lianban.engines.matching.manifest import NAME, File, Manifest, read_manifest
from lianban.engines.matching.postings import ROW_BITS, ROW_MASK, Postings
from lianban.engines.matching.row_store import RowStore

# How a row was reached: by which key column, and by which lane.
Reached = list[tuple[int, Lane]]
# Which key column of which registry a slot is.
Slots = Mapping[int, tuple[str, int]]
Stamp = tuple[int, int, int]
_READERS: WeakValueDictionary[tuple[int, int], Postings | RowStore] = WeakValueDictionary()
_GUARD = Lock()
# Between reading the manifest and opening its files a build may have swapped in the next one.
_TRIES = 5


class Opened:
    """A generation with everything it is read from. Its files stay readable while somebody holds it, also
    after a later build removed their names; they are let go of with the last who held it."""

    def __init__(self, folder: Path, stamp: Stamp, manifest: Manifest) -> None:
        self.folder, self.stamp, self.manifest, self.version = folder, stamp, manifest, manifest.version
        self.postings: Postings = _shared(Postings, whole(folder, manifest.postings))
        self.stores: dict[str, RowStore] = {}
        self.slots: dict[int, tuple[str, int]] = {}
        for code, entry in manifest.registries.items():
            self.slots |= {slot: (code, place) for place, slot in enumerate(entry.slots)}
            if entry.store is not None:
                self.stores[code] = _shared(RowStore, whole(folder, entry.store))

    def find(self, key: Key, slots: Slots, *, by_name: bool) -> dict[str, dict[int, Reached]]:
        """The rows of a party behind some slots, by registry and row, with how each was reached."""
        found: dict[str, dict[int, Reached]] = {}
        if key.value is not None:
            self._collect(found, slots, key.lane, key.value)
        if by_name and key.name is not None:
            self._collect(found, slots, Lane.NAME, key.name)
        return found

    def _collect(self, found: dict[str, dict[int, Reached]], slots: Slots, lane: Lane, value: int) -> None:
        for posting in self.postings.find(lane, value):
            slot = slots.get(posting >> ROW_BITS)
            if slot is not None:
                code, place = slot
                found.setdefault(code, {}).setdefault(posting & ROW_MASK, []).append((place, lane))


def _shared(kind: type[Any], path: Path) -> Any:
    """The file as everybody in this process reads it: LMDB refuses to map one file twice in a process."""
    found = path.stat()
    place = (found.st_dev, found.st_ino)
    with _GUARD:
        reader = _READERS.get(place)
        if reader is None:
            reader = _READERS[place] = kind(path)
        return reader


def stamp_of(manifest: str) -> Stamp | None:
    """Tells the file of one manifest from the next; ``None`` where there is none."""
    try:
        found = os.stat(manifest)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def open_index(folder: Path, *, demo: bool) -> Opened:
    """The index that is swapped in now. Raises :class:`NoIndex` or :class:`IndexUnreadable`."""
    for left in reversed(range(_TRIES)):
        stamp = stamp_of(str(folder / NAME)) or (0, 0, 0)
        manifest = fitting(folder, demo=demo)
        try:
            return Opened(folder, stamp, manifest)
        except (lmdb.Error, OSError) as error:
            if not left:
                raise IndexUnreadable(folder=folder.name, found=type(error).__name__) from None
    raise AssertionError("unreachable")


def fitting(folder: Path, *, demo: bool) -> Manifest:
    """The manifest, if it took the same numbers for valid as who asks."""
    manifest = read_manifest(folder)
    if manifest.demo != demo:
        raise IndexUnreadable(folder=folder.name, found=f"demo = {manifest.demo}")
    return manifest


def whole(folder: Path, file: File) -> Path:
    """The path of a file of the index, if it has the size it was sealed with; else ``OSError``."""
    path = folder / file.name
    if path.stat().st_size != file.size:
        raise OSError("size")
    return path
