"""Reads the declarations of registries: one YAML file each, in one folder (docs/reference/registries.md)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from lianban.engines.matching.registries import Registry


def load_registries(
    folder: Path | str,
    *,
    agencies: Collection[str] | None = None,
    questions: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Registry]:
    """The registries declared in ``folder`` (every ``*.yaml``), by code, sorted.

    ``agencies`` are the codes that may hold one and ``questions`` maps each known question to its fields;
    where given, what a declaration names is checked against them. Raises
    :class:`~lianban.engines.matching.errors.RegistriesRefused` with every problem of every file.
    """
    raise NotImplementedError
