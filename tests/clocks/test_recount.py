"""Loading a calendar recounts what was provisional and says what moved."""

import json
from datetime import UTC, date, datetime

from lianban.engines import clocks
from lianban.engines.clocks import ClockBook, State

BOOK = ClockBook.standard()


def notice_2027(tmp_path):
    """A notice as it may come: New Year from Friday to Sunday, Spring Festival of eight days with two make-up days."""
    days = [{"name": "元旦", "date": f"2027-01-0{n}", "isOffDay": True} for n in (1, 2, 3)]
    days += [{"name": "春节", "date": f"2027-02-{n:02}", "isOffDay": True} for n in range(5, 13)]
    days += [{"name": "春节", "date": d, "isOffDay": False} for d in ("2027-01-31", "2027-02-20")]
    path = tmp_path / "2027.json"
    path.write_text(json.dumps({"year": 2027, "papers": ["made up"], "days": days}), encoding="utf-8")
    return path


def test_recount_moves_settles_and_leaves_alone(tmp_path):
    """Three clocks: one moves, one is only settled, one is left out because nothing changes."""
    batch = {
        "moves": clocks.start(BOOK, "assistance.answer", date(2027, 1, 25)),
        "settles": clocks.start(BOOK, "assistance.answer", date(2026, 12, 21)),
        "stays": clocks.start(BOOK, "assistance.answer", date(2026, 3, 2)),
        "freeze": clocks.start(BOOK, "enforcement.freeze_deposit", date(2026, 2, 7)),
    }
    loaded = BOOK.with_calendar(BOOK.calendar.with_notice_file(notice_2027(tmp_path)))
    report = {r.key: r for r in clocks.recount(loaded, batch.items())}
    assert set(report) == {"moves", "settles"}
    moves, settles = report["moves"], report["settles"]
    # 26–29 January 4, Sunday 31 January 5, 1–4 February 9, 13 and 14 are a weekend, 15 February 10
    assert (moves.before, moves.clock.due_on, moves.moved, moves.settled) == (
        date(2027, 2, 10),
        date(2027, 2, 15),
        True,
        True,
    )
    assert (settles.clock.due_on, settles.moved, settles.settled) == (date(2027, 1, 5), False, True)
    assert settles.clock.provisional is False


def test_recount_twice_changes_nothing(tmp_path):
    """Recounting what was recounted reports nothing."""
    loaded = BOOK.with_calendar(BOOK.calendar.with_notice_file(notice_2027(tmp_path)))
    clock = clocks.start(BOOK, "assistance.answer", date(2027, 1, 25))
    (once,) = clocks.recount(loaded, [(1, clock)])
    assert list(clocks.recount(loaded, [(1, once.clock)])) == []


def test_recount_leaves_finished_and_paused_clocks(tmp_path):
    """What was done was done in its time, and a paused clock has no end to move."""
    loaded = BOOK.with_calendar(BOOK.calendar.with_notice_file(notice_2027(tmp_path)))
    clock = clocks.start(BOOK, "assistance.answer", date(2027, 1, 25))
    done = clocks.finish(BOOK, clock, datetime(2027, 2, 10, tzinfo=UTC))
    paused = clocks.pause(BOOK, clock, "supplement", datetime(2027, 2, 1, tzinfo=UTC))
    assert list(clocks.recount(loaded, [(1, done), (2, paused)])) == []


def test_recount_revives_a_clock_that_expired_by_a_provisional_date(tmp_path):
    """Expired on the provisional 10 February, not yet due by the published calendar: it runs again."""
    loaded = BOOK.with_calendar(BOOK.calendar.with_notice_file(notice_2027(tmp_path)))
    clock = clocks.expire(
        clocks.start(BOOK, "assistance.answer", date(2027, 1, 25)), datetime(2027, 2, 11, tzinfo=UTC)
    )
    assert clock.state is State.EXPIRED
    (back,) = clocks.recount(loaded, [(1, clock)])
    assert back.clock.state is State.RUNNING


def test_a_past_year_forgotten_and_loaded_gives_the_published_dates_again():
    """2025 without its notice is provisional; with it, the dates are the published ones."""
    unknown = BOOK.with_calendar(BOOK.calendar.without_years([2025, 2026]))
    clock = clocks.start(unknown, "assistance.answer", date(2025, 9, 22))
    assert clock.provisional
    (known,) = clocks.recount(BOOK, [("x", clock)])
    # 23–26 September 4, make-up Sunday 28 September 5, 29 and 30 7, 9 and 10 October 9, make-up Saturday 11 October 10
    assert (known.clock.due_on, known.clock.provisional) == (date(2025, 10, 11), False)
