"""The official letter: the same document whenever it is asked for, verifiable, and ledgered as an unmasking."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import connection
from officials import MONDAY, days

from lianban.actions.errors import LetterNotFound, NothingToDo
from lianban.actions.print_letter import print_letter
from lianban.records import printed

pytestmark = pytest.mark.skipif(
    not any((settings.PROJECT / "frontend" / ".parts").glob("*noto-serif*")), reason="fonts are not fetched"
)


def printed_by(city, username, letter, at=MONDAY):
    with city.acting_as(username, at) as acting:
        return print_letter(acting, letter)


def test_print_letter_same_bytes_before_and_after_signing(city):
    """Court and unit get the same bytes, also days later and after the unit has signed for it."""
    matter = city.open()
    city.send(matter)
    letter = city.letter(matter, "police")
    number, first = printed_by(city, "court.judge", letter)
    assert first.startswith(b"%PDF")
    city.do("police.liaison", matter, "sign", at=MONDAY + days(3))
    assert printed_by(city, "police.liaison", letter, MONDAY + days(4)) == (number, first)
    said = (
        "SELECT c.data->>'contact' FROM letter l JOIN letter_content c ON c.id = l.content_id WHERE l.id = %s"
    )
    assert city.one(said, letter) == city.one("SELECT name FROM officer WHERE username = 'court.clerk'")
    assert city.one("SELECT count(*) FROM ledger_entry WHERE act = 'letters.print' AND subjects <> '{}'") == 2


def test_print_letter_verifies_by_its_code_and_number_alone(city):
    """The code of a printed letter is found with its own number and with no other."""
    matter = city.open()
    city.send(matter)
    number, _ = printed_by(city, "court.judge", city.letter(matter, "police"))
    (digest,) = city.column("SELECT digest FROM printed_document WHERE number = %s", number)
    assert re.fullmatch("[0-9a-f]{64}", digest)
    with city.acting_as("court.judge"), connection.cursor() as cursor:
        found = printed.find(cursor, digest, number)
        assert found is not None
        assert found.agency_zh == "云澜市云湖区人民法院"
        assert printed.find(cursor, digest, number + "1") is None
        assert printed.find(cursor, "0" * 64, number) is None


def test_print_letter_refused_before_its_seal_and_to_others(city):
    """A draft is no document, and a unit cannot print another unit's letter."""
    matter = city.open()
    city.do("court.clerk", matter, "draft")
    with pytest.raises(NothingToDo):
        printed_by(city, "court.judge", city.letter(matter, "police"))
    city.do("court.judge", matter, "approve", {"decision": "approve"})
    city.do("court.seal_keeper", matter, "seal", {"checked": True})
    with pytest.raises(LetterNotFound):
        printed_by(city, "housing.liaison", city.letter(matter, "police"))
