"""Words of pages: dates that say what they mean, names in the reader's language."""

from __future__ import annotations

from django import template

register = template.Library()
