"""A sentence in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What a person reads, in Chinese and in English. Both are required everywhere."""

    zh: str
    en: str

    def text(self, language: str = "zh") -> str:
        """The words in ``zh`` (default) or any ``en…``."""
        return self.en if language.startswith("en") else self.zh

    def as_dict(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}
