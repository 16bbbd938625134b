"""Short ways to say a measure in a test."""

from datetime import date, datetime, time, timedelta, timezone

from lianban.engines.clocks import ClockBook
from lianban.engines.measures import Answer, Asset, LegalBasis, LimitBook, Measure, MeasureKind, Outcome

BOOK = ClockBook.standard()
LIMITS = LimitBook.standard()
SHANGHAI = timezone(timedelta(hours=8))


def at(text, hour=10):
    """An hour in Shanghai on a day."""
    return datetime.combine(date.fromisoformat(text), time(hour), SHANGHAI)


def measure(id="m1", served="2026-03-02", kind="deposit", key="a1", value=None, found=None, **more):
    """A measure served and answered on one day."""
    asset = more.pop("asset", None) or Asset(key, kind, value, divisible=more.pop("divisible", True))
    done = (
        Answer(at(served, 16), more.pop("outcome", Outcome.DONE), found, more.pop("rank", None))
        if served
        else None
    )
    values = {
        "matter": "x1",
        "unit": "bank",
        "kind": MeasureKind.FREEZE,
        "basis": LegalBasis.ENFORCEMENT,
        "ordered_on": date.fromisoformat(served or "2026-03-02"),
        "ceiling_fen": 10_000_00,
        "served_at": at(served) if served else None,
        "answers": (done,) if done and more.pop("answered", True) else (),
    }
    return Measure(id=id, asset=asset, **{**values, **more})
