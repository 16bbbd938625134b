"""The one family of errors.

Every error says what happened, what was found and what to do, in Chinese and English, and has a stable
code. Programs match ``code`` and ``found``; people read ``text("zh")``. Data is kept apart from the
sentences so that a translation can change without breaking a client.

To add one, subclass :class:`YourMistake` (the caller can mend it; HTTP 4xx) or :class:`OurFault` (an
operator must act; HTTP 5xx), give it the next free ``code`` of its room and both sentences::

    class UnknownAgency(YourMistake):
        code = "LB-RECORDS-004"
        status = 404
        zh = "没有代码为“{agency}”的单位。请从单位目录中选择。"
        en = 'There is no agency with code "{agency}". Choose one from the directory of agencies.'

Codes are ``LB-<ROOM OR ENGINE>-<three digits>`` and are never used again once published; a test proves
that they are unique and that both sentences use the same fields.
"""

from __future__ import annotations

from typing import Any, ClassVar


class LianbanError(Exception):
    """Root of the family. Never raised itself.

    ``found`` holds the data named by the sentences: plain values, never personal data.
    """

    code: ClassVar[str] = "LB-000"
    status: ClassVar[int] = 500
    zh: ClassVar[str] = "出错了。"
    en: ClassVar[str] = "Something went wrong."

    def __init__(self, **found: Any) -> None:
        self.found = found
        super().__init__(self.text("en"))

    def text(self, language: str = "zh") -> str:
        """The sentence in ``zh`` (default) or ``en``."""
        template = self.en if language.startswith("en") else self.zh
        return template.format_map(_Found(self.found))

    def as_dict(self) -> dict[str, Any]:
        """The one error shape of every door: code, both sentences, what was found."""
        return {
            "code": self.code,
            "message": {"zh": self.text("zh"), "en": self.text("en")},
            "found": {key: _plain(value) for key, value in self.found.items()},
        }

    def __reduce__(self) -> Any:
        return (_rebuild, (type(self), self.found))


class YourMistake(LianbanError):
    """The caller sent something that cannot be done; the sentence says how to mend it."""

    status = 400


class OurFault(LianbanError):
    """The system or its set-up is at fault; an operator must act."""

    status = 500


class _Found(dict):
    """A missing field must not turn one error into another."""

    def __missing__(self, key: str) -> str:
        return "?"


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return str(value)


def _rebuild(kind: type[LianbanError], found: dict[str, Any]) -> LianbanError:
    return kind(**found)
