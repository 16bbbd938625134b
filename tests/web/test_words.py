"""Every word of the pages is there in both languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from babel.messages.pofile import read_po
from django.utils import translation
from messages import CATALOGUE, WEB, messages

from lianban.doors.web import wording

CHINESE = re.compile(r"[一-鿿]")
FIELDS = re.compile(r"%\(\w+\)s")


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.open("rb") as file:
        return read_po(file, abort_invalid=True)


def test_catalogue_has_every_message(catalogue):
    """No message of a template or of the code lacks its English, in both numbers where it has two."""
    missing = []
    for key in messages():
        entry = catalogue.get(key[0] if isinstance(key, tuple) else key)
        texts = (
            entry.string if entry and isinstance(entry.string, tuple) else (entry.string if entry else "",)
        )
        if not all(texts) or (isinstance(key, tuple) and len(texts) != 2):
            missing.append(key)
    assert not missing


def test_catalogue_has_nothing_stale(catalogue):
    """A translation of a message that no page has any more is removed."""
    known = {key[0] if isinstance(key, tuple) else key for key in messages()}
    assert [
        entry.id
        for entry in catalogue
        if entry.id and (entry.id[0] if isinstance(entry.id, tuple) else entry.id) not in known
    ] == []


def test_translations_keep_their_fields(catalogue):
    """What is filled into a sentence is filled into its English too, and the English is no Chinese."""
    for entry in catalogue:
        if not entry.id:
            continue
        source = entry.id[0] if isinstance(entry.id, tuple) else entry.id
        for text in entry.string if isinstance(entry.string, tuple) else (entry.string,):
            assert set(FIELDS.findall(text)) <= set(FIELDS.findall(source)), source
            assert not CHINESE.search(text), source
        last = entry.string[-1] if isinstance(entry.string, tuple) else entry.string
        assert set(FIELDS.findall(last)) == set(FIELDS.findall(source)), source


def test_templates_hold_no_untranslated_words():
    """Chinese stands in a template only where gettext finds it (and in the name of the language itself)."""
    for file in sorted(WEB.rglob("templates/**/*.html")):
        text = file.read_text("utf-8")
        text = re.sub(r"\{#.*?#\}|\{%\s*trans\s.*?%\}", "", text)
        text = re.sub(r"\{%\s*blocktrans.*?endblocktrans\s*%\}", "", text, flags=re.S)
        assert CHINESE.findall(text.replace(">中文<", "")) == [], file.name


def test_acts_have_words():
    """Every act that the actions write into the histories has its word."""
    import lianban.actions

    folder = re.compile(
        r'"((?:letters|task|matter|matters|answer|countersign|document|delegation|observations)\.[a-z_]+)"'
    )
    from pathlib import Path

    acts = {
        act
        for file in Path(lianban.actions.__file__).parent.glob("*.py")
        for act in folder.findall(file.read_text("utf-8"))
    }
    assert len(acts) > 15
    assert acts - set(wording.ACT) == set()


@pytest.mark.parametrize(
    ("hours", "chinese", "english", "urgency"),
    [
        (-49, "逾期 2 天", "2 days overdue", "late"),
        (-24, "逾期 1 天", "1 day overdue", "late"),
        (-1, "今天已逾期", "overdue since today", "late"),
        (3, "今天到期", "due today", "soon"),
        (24, "明天到期", "due tomorrow", "soon"),
        (48, "剩 2 天", "2 days left", "soon"),
        (96, "剩 4 天", "4 days left", ""),
    ],
)
def test_due_date_is_said_in_words(hours, chinese, english, urgency):
    """A due date says how many legal days are left or gone; the urgency follows from the date."""
    from lianban.doors.web.templatetags.lianban import due_words

    now = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
    with translation.override("zh-hans"):
        assert due_words(now + timedelta(hours=hours), now) == (chinese, urgency)
    with translation.override("en"):
        assert due_words(now + timedelta(hours=hours), now) == (english, urgency)


def test_due_date_counts_days_of_beijing():
    """Half past eleven at night and half past midnight in Beijing are two days, whatever UTC says."""
    from lianban.doors.web.templatetags.lianban import due_words

    now = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
    with translation.override("zh-hans"):
        assert due_words(now + timedelta(hours=1), now)[0] == "明天到期"
