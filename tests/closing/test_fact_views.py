"""The facts that the figures of enforcement count: as the database's views give them, and as each reader may see them."""

from __future__ import annotations

from case_making import at, limited, open_case, terminate

from lianban.engines.indicators import Scope


def figure(city, username, code, scope=None):
    from django.db import connection

    from lianban.records import figures

    with city.acting_as(username), connection.cursor() as cursor:
        one = figures.definition("enforcement", code)
        return figures.figure(cursor, one, scope or Scope(scene="enforcement"))


def test_figures_from_the_views(city):
    """Three cases pushed, one of them twice; one closed: a third. The supervisor's figure is the court's; a bureau's is nothing."""
    cases = [open_case(city) for _ in range(3)]
    for case in cases:
        case.act(
            "push_to_township", {"township": "qingping", "party": case.party("沈砚"), "asked": "mediate"}
        )
    cases[0].act(
        "push_to_township", {"township": "liuxi", "party": cases[0].party("沈砚"), "asked": "mediate"}
    )
    cases[0].act("close_matter", {"mode": "completed", "ground": "performed", "summary": "已全部履行"})
    for username in ("court.judge", "political_legal.supervisor"):
        rate = figure(city, username, "pushed_closed")
        assert (rate.numerator, rate.denominator) == (1, 3), username
    assert figure(city, "police.liaison", "pushed").value == 0
    assert figure(city, "liuxi.liaison", "pushed").value == 1
    assert figure(city, "court.judge", "completion_rate").rounded() == 100
    assert figure(city, "court.judge", "closed_in_legal_period").rounded() == 100


def test_caseload_by_statistical_year(city):
    """A case filed in March 2026 and ended in June 2027: new in the year that began in December 2025, old in the next, closed there."""
    case = open_case(city)
    limited(case)
    terminate(case, moment=at("2027-06-03 10:00"))
    assert city.rows(
        "SELECT (year_begins AT TIME ZONE 'Asia/Shanghai')::date::text, accepted, mode FROM fact_caseload WHERE matter_id = %s"
        " ORDER BY year_begins", case.matter,
    ) == [("2025-12-01", "new", None), ("2026-12-01", "old", "terminated")]  # fmt: skip
    year = Scope(at("2026-12-01 00:00"), at("2027-12-01 00:00"), scene="enforcement")
    assert figure(city, "court.judge", "terminated_rate", year).rounded() == 100
    assert figure(city, "court.judge", "real_closing_rate", year).rounded() == 0
    before = Scope(at("2025-12-01 00:00"), at("2026-12-01 00:00"), scene="enforcement")
    assert figure(city, "court.judge", "terminated_rate", before).rounded() == 0


def test_case_types_are_told_apart(city):
    """The longest code first: 执恢 is not 执, 诉前调确 not 诉前调."""
    for number, kind in (
        ("（2026）云9901执12号", "执"), ("（2026）云9901执恢3号", "执恢"), ("(2026)云9901执保7号", "执保"),
        ("（2026）云9901诉前调确9号", "诉前调确"), ("（2026）云9901民初9号", ""),
    ):  # fmt: skip
        assert city.one("SELECT lianban.case_type(%s)", number) == kind
