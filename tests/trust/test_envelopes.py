"""Identity numbers are sealed, bound to their row, found by a keyed hash alone, and shown masked."""

from __future__ import annotations

import pytest
from officials import MONDAY

from lianban.actions.look import unmask
from lianban.records import envelopes
from lianban.records.envelopes import MasterKeyUnusable, SealBroken, blind_index


@pytest.fixture
def two(city):
    """Two sealed numbers of one matter."""
    city.open(units=("police",), names=("温清和", "陆澄远"))
    return city.column("SELECT id FROM party_identifier ORDER BY id")


def opened(city, identifier) -> str:
    envelopes._data_keys.clear()
    with city.acting_as("court.judge") as acting:
        return unmask(acting, identifier)


def test_number_comes_back(city, two):
    """What was sealed opens to the number that was entered, and the look is in the ledger."""
    assert {opened(city, one) for one in two} == {city.person(0).id_number, city.person(1).id_number}
    assert city.one("SELECT count(*) FROM ledger_entry WHERE act = 'unmask'") == 2
    assert all(city.column("SELECT cardinality(subjects) = 1 FROM ledger_entry WHERE act = 'unmask'"))


def test_number_is_nowhere_in_clear(city, two):
    """No row of any table holds the number, the matter's own form included."""
    for table in city.tables():
        for (text,) in city.rows(f"SELECT t::text FROM {table} t"):
            assert city.person(0).id_number not in text, table
            assert city.person(1).id_number not in text, table


def test_moved_ciphertext_does_not_open(city, two):
    """A sealed value copied to another row does not open there."""
    first, second = two
    city.superuser.execute("UPDATE party_identifier SET sealed = (SELECT sealed FROM party_identifier WHERE id = %s)"
                           " WHERE id = %s", [first, second])  # fmt: skip
    assert opened(city, first)
    with pytest.raises(SealBroken):
        opened(city, second)


def test_changed_ciphertext_does_not_open(city, two):
    """One flipped bit is noticed."""
    city.superuser.execute(
        "UPDATE party_identifier SET sealed = set_byte(sealed, 15, get_byte(sealed, 15) # 1)"
    )
    with pytest.raises(SealBroken):
        opened(city, two[0])


def test_other_master_key(city, two, monkeypatch):
    """With another master key nothing opens; with the right one it does again."""
    monkeypatch.setenv("LIANBAN_MASTER_KEY", "ab" * 32)
    with pytest.raises(SealBroken):
        opened(city, two[0])
    monkeypatch.delenv("LIANBAN_MASTER_KEY")
    assert opened(city, two[0])


@pytest.mark.parametrize("given", ["not hex", "abcd"])
def test_master_key_unusable(given, monkeypatch):
    """A master key that is none is said to be none."""
    monkeypatch.setenv("LIANBAN_MASTER_KEY", given)
    with pytest.raises(MasterKeyUnusable):
        envelopes.master_key()


def test_blind_index_is_keyed(monkeypatch):
    """The same number under two master keys has two indexes; under one, one; and another kind is another number."""
    monkeypatch.setenv("LIANBAN_MASTER_KEY", "01" * 32)
    here = blind_index("resident_id", "990100196107018406")
    assert here == blind_index("resident_id", "990100196107018406")
    assert here != blind_index("passport", "990100196107018406")
    monkeypatch.setenv("LIANBAN_MASTER_KEY", "02" * 32)
    assert here != blind_index("resident_id", "990100196107018406")


def test_sealed_twice_differs(city):
    """The same person in two matters: nothing in the rows tells that it is one."""
    city.open(units=("police",))
    city.open(units=("police",))
    assert city.one("SELECT count(DISTINCT sealed) FROM party_identifier") == 2
    assert city.one("SELECT count(DISTINCT blind_index), count(*) FROM identity_index") == (1, 2)


def test_data_key_is_sealed(city, two):
    """The data key stands in the database only under the master key."""
    sealed = city.one("SELECT sealed FROM data_key")
    assert len(sealed) == 12 + 32 + 16
    with city.acting_as("court.judge", MONDAY):
        pass
    assert envelopes._data_keys.get(city.one("SELECT id FROM data_key")) != bytes(sealed)
