"""The mistakes of filling in a form, as one error of the family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lianban.engines.errors import YourMistake
from lianban.engines.forms.model import FieldError

if TYPE_CHECKING:
    from lianban.engines.forms.form import Form


class FormRefused(YourMistake):
    """Data does not fit its form. ``fields`` holds one entry for each mistake."""

    code = "LB-FORMS-001"
    status = 422
    zh = "“{form_zh}”需要改正（{count} 处）：{details_zh}"
    en = 'Please correct "{form_en}" ({count}): {details_en}'

    @classmethod
    def of(cls, form: Form, errors: Sequence[FieldError]) -> FormRefused:
        """The error for ``form`` that tells all of ``errors``."""
        return cls(
            form=form.id,
            form_zh=form.title.zh,
            form_en=form.title.en,
            count=len(errors),
            details_zh="".join(error.zh for error in errors),
            details_en=" ".join(error.en for error in errors),
            fields=[error.as_dict() for error in errors],
        )

    @property
    def fields(self) -> tuple[FieldError, ...]:
        return tuple(FieldError(**entry) for entry in self.found.get("fields", ()))
