"""Scenes: what the city does, as data. Loads, validates and explains the folders of ``scenes/``."""

from lianban.engines.scenes.model import (
    AnswerField,
    Drawing,
    Force,
    LegalBasis,
    LetterKind,
    Question,
    Retention,
    Role,
    Scene,
    Side,
    Stage,
    Status,
)

__all__ = [
    "AnswerField",
    "Drawing",
    "Force",
    "LegalBasis",
    "LetterKind",
    "Question",
    "Retention",
    "Role",
    "Scene",
    "Side",
    "Stage",
    "Status",
]
