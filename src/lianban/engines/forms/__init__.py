"""Forms as data: JSON Schema 2020-12 with display hints, drawn on the server, validated in plain words."""

from lianban.engines.forms.form import Form
from lianban.engines.forms.model import FieldError, FieldSpec, Option, Widget
from lianban.engines.forms.words import Words

__all__ = ["FieldError", "FieldSpec", "Form", "Option", "Widget", "Words"]
