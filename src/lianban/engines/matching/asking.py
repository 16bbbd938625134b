"""Who is asked about, and what the warrant lets be asked.

The engine does not judge a warrant: the caller has done so and hands in what is left of it, a
:class:`Scope`. Registries that answer none of its questions, or do not accept its legal basis, are not
opened at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lianban.engines.identifiers.labels import IdentifierKind


@dataclass(frozen=True, slots=True)
class Asked:
    """One party: ``ref`` is the caller's own reference (a party's id), never an identifier.

    ``number`` may be empty, mistyped or of fifteen digits: each has a defined result. Neither number nor
    name is in the ``repr``, so that a log line cannot leak them.
    """

    ref: str
    kind: IdentifierKind
    number: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """The question codes and the legal basis (codes of the scene that asks) of one warrant.

    ``registries`` narrows further to some registries; empty means every registry that the questions reach.
    ``by_name`` says whether rows without a valid number may be listed by an equal name, for a person.
    """

    questions: frozenset[str]
    basis: str
    registries: frozenset[str] = frozenset()
    by_name: bool = True
