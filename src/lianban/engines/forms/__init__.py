"""Forms as data: JSON Schema 2020-12 with display hints, drawn on the server, validated in plain words.

Use: ``Form(id, title, schema)``; ``form.fields()`` to draw it, ``form.parse(post)`` to read what was sent,
``form.validate(data)`` for every mistake in both languages, ``form.check(data)`` to raise them. The dialect
is described in :mod:`lianban.engines.forms.schema`; ``schema_problems`` checks a schema before it is used.
"""

from lianban.engines.forms.errors import FormRefused
from lianban.engines.forms.form import Form
from lianban.engines.forms.formats import FORMATS
from lianban.engines.forms.hints import SchemaProblem
from lianban.engines.forms.model import FieldError, FieldSpec, Option, ShownWhen, Widget
from lianban.engines.forms.schema import schema_problems
from lianban.engines.forms.words import Words

__all__ = [
    "FORMATS",
    "FieldError",
    "FieldSpec",
    "Form",
    "FormRefused",
    "Option",
    "SchemaProblem",
    "ShownWhen",
    "Widget",
    "Words",
    "schema_problems",
]
