"""Words of pages: dates that say what they mean, names in the reader's language, states that are not buttons."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lianban.doors.web import wording
from lianban.engines.clocks.moments import end_of_day, legal_date
from lianban.engines.process.timers import BEIJING
from lianban.records import scenes

register = template.Library()
CRITICAL = timedelta(days=3)


def _language() -> str:
    return get_language() or "zh-hans"


# --- words


@register.filter
def words(value: Any) -> str:
    """The words of a scene, an engine or an error, in the reader's language."""
    return value.text(_language()) if value is not None and hasattr(value, "text") else str(value or "")


@register.filter
def named(value: Any) -> str:
    """An agency's or a post's name in the reader's language."""
    return str(value.name(_language())) if value is not None and hasattr(value, "name") else str(value or "—")


@register.filter
def at(mapping: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping holds at a key, or None."""
    return mapping.get(key) if mapping and key is not None else None


@register.filter
def word(code: str, kind: str) -> str:
    """The word for a code of :mod:`lianban.doors.web.wording`; the code itself where there is none."""
    table: Mapping[str, Any] = getattr(wording, kind.upper())
    found = table.get(code, code)
    return str(found)


@register.filter
def questions_of(line: Any) -> list[Any]:
    """The titles of a letter's questions."""
    known = scenes.scenes()[line.scene].questions
    return [known[code].title for code in line.questions if code in known]


@register.filter
def basis_of(line: Any) -> Any:
    """The title of a letter's legal basis."""
    found = scenes.scenes()[line.scene].legal_basis.get(line.legal_basis)
    return found.title if found else line.legal_basis


@register.filter
def state_word(code: str) -> str:
    return str(wording.MATTER[code][0])


@register.filter
def pretty(payload: Any) -> str:
    return json.dumps(payload, ensure_ascii=False, indent=1)


@register.filter
def scene_title(name: str) -> str:
    known = scenes.scenes().get(name)
    return words(known.title) if known else name


@register.filter
def matter_title(head: Any) -> str:
    """A matter's own title. Where it is just that of its scene, the scene's words in the reader's language."""
    known = scenes.scenes().get(head.scene)
    return (
        words(known.title) if known and head.title in (known.title.zh, head.number, "") else str(head.title)
    )


@register.filter
def step_name(step: Any, scene: str = "") -> str:
    """What a task is called. Drawings name their steps in Chinese; in English the form or the stage says it."""
    known = scenes.scenes().get(scene or getattr(step, "scene", ""))
    if not _language().startswith("en") or known is None:
        return str(step.name)
    form = known.forms.get(getattr(step, "form", "") or "") or known.forms.get(step.element)
    if form is not None and form.id != known.matter_form:
        return form.title.en
    if step.element == "supervision":
        return _("督办逾期的函")
    return next((stage.title.en for stage in known.stages if stage.code == step.stage), str(step.name))


@register.filter
def stage_name(code: str, scene: str) -> str:
    known = scenes.scenes().get(scene)
    return next((words(stage.title) for stage in known.stages if stage.code == code), code) if known else code


@register.filter
def role_name(code: str, scene: str = "") -> str:
    for known in (scenes.scenes()[scene],) if scene in scenes.scenes() else scenes.scenes().values():
        if code in known.roles:
            return words(known.roles[code].title)
    return code


# --- dates


@register.simple_tag
def due(moment: datetime | None, now: datetime | None = None) -> str:
    """One due date, as words; the date itself is in the title. Urgency follows from it and is never kept."""
    if moment is None:
        return ""
    text, urgency = due_words(moment, now or timezone.now())
    local = moment.astimezone(BEIJING)
    return format_html(
        '<time class="due {}" datetime="{}" title="{}">{}</time>',
        urgency, local.isoformat(timespec="minutes"), _("%(day)s 前") % {"day": local.strftime("%Y-%m-%d %H:%M")}, text,
    )  # fmt: skip


def due_words(moment: datetime, now: datetime) -> tuple[str, str]:
    """The words and the urgency (``late``, ``soon`` or none) of a due date, counted in legal days."""
    days = (legal_date(moment) - legal_date(now)).days
    if moment < now:
        if days == 0:
            return _("今天已逾期"), "late"
        return ngettext("逾期 %(n)s 天", "逾期 %(n)s 天", -days) % {"n": -days}, "late"
    if days == 0:
        return _("今天到期"), "soon"
    if days == 1:
        return _("明天到期"), "soon"
    urgency = "soon" if moment < now + CRITICAL else ""
    return ngettext("剩 %(n)s 天", "剩 %(n)s 天", days) % {"n": days}, urgency


@register.simple_tag
def when(moment: datetime | None, form: str = "minute") -> str:
    """An instant in Beijing time. ``day`` leaves out the clock."""
    if moment is None:
        return ""
    local = moment.astimezone(BEIJING)
    text = local.strftime("%Y-%m-%d" if form == "day" else "%Y-%m-%d %H:%M")
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), text)


@register.filter
def last_moment(day: date | None) -> datetime | None:
    """The last moment of a legal date: what is due on that day is in time until then."""
    return end_of_day(day) if day else None


@register.filter
def back_on(day: date | None) -> str:
    """When a task on hold comes back."""
    return _("%(day)s 恢复") % {"day": day.isoformat()} if day else ""


# --- states and numbers


@register.simple_tag
def state(kind: str, code: str) -> str:
    """A state in words with a mark of its own shape: it neither is nor looks like a button."""
    text, look = wording.STATES[kind].get(code, (code, ""))
    return format_html('<span class="state {}">{}</span>', look, text)


@register.simple_tag
def figure_value(figure: Any) -> str:
    rounded = figure.rounded()
    if rounded is None:
        return "—"
    unit = wording.UNIT.get(figure.indicator.unit.value, "")
    number = f"{rounded:,}"
    return format_html("{}<small>{}</small>", number, unit) if unit else number


@register.simple_tag
def figure_unit(definition: Any) -> str:
    return str(wording.UNIT.get(definition.unit.value, ""))


@register.simple_tag
def figure_parts(figure: Any) -> str:
    """What was divided by what, as people read it: sums of money in yuan, numbers with their thousands apart."""
    field = figure.indicator.numerator.measure.field or ""
    said = yuan if field.endswith("_fen") else "{:,}".format
    return f"{said(figure.numerator)} / {said(figure.denominator)}"


@register.filter
def grouped(printed: str) -> str:
    """A published number as it was printed, with its thousands apart where it is a whole one."""
    return f"{int(printed):,}" if printed.isdigit() else printed


@register.simple_tag
def in_days(figure: Any) -> str:
    """Beside a long time in seconds, how many days that is: nobody reads a hundred million seconds."""
    value = figure.value
    if figure.indicator.unit.value != "seconds" or value is None or value < 2 * 86400:
        return ""
    return _("约 %(n)s 天") % {"n": f"{float(value) / 86400:,.1f}"}


@register.filter
def yuan(fen: int | None) -> str:
    """An amount in fen as people read it: 1,234.50 元."""
    return "" if fen is None else _("%(amount)s 元") % {"amount": f"{fen / 100:,.2f}"}


@register.filter
def fen(amount: int | None) -> str:
    """An amount in fen as a column of a table shows it, whose head names the unit: 1,234.50."""
    return "" if amount is None else f"{amount / 100:,.2f}"


@register.filter
def size(count: int) -> str:
    """Bytes as people say them."""
    return f"{count / 1024 / 1024:.1f} MiB" if count >= 1024 * 1024 else f"{max(count / 1024, 0.1):.1f} KiB"


@register.simple_tag(takes_context=True)
def here(context: template.Context, prefix: str, exact: bool = False) -> str:
    """Marks the entry of the navigation that the reader is at."""
    path = context["request"].path
    match = path == prefix if exact else path.startswith(prefix)
    return SafeString(' aria-current="page"') if match else ""


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changed: Any) -> str:
    """The address's query with some values changed; ``None`` and empty ones are left out, and so is the place."""
    values = context["request"].GET.copy()
    values.pop("after", None)
    values.pop("before", None)
    values.pop("done", None)
    for key, value in changed.items():
        if value in (None, ""):
            values.pop(key, None)
        else:
            values[key] = value
    return "?" + values.urlencode() if values else "?"
