"""The book: versions of the day, lengths that may and may not be set, errors that help."""

from datetime import UTC, date, datetime
from types import MappingProxyType

import pytest

from lianban.engines.clocks import ArticleMap, ClockBook, standing
from lianban.engines.clocks.errors import (
    CalendarTooEarly,
    CalendarTooLate,
    DateNeedsMoment,
    LengthMissing,
    LengthNotAdjustable,
    LengthOutOfRange,
    MomentWithoutZone,
    NoVersionInForce,
    UnknownArticle,
    UnknownClock,
)
from lianban.engines.clocks.standing import share_used

BOOK = ClockBook.standard()


def test_due_instant_is_the_end_of_the_shanghai_day_in_utc():
    """A letter of 16:30 UTC arrives on the next legal day, and is due at 24:00 Shanghai time."""
    due = BOOK.due("assistance.answer", datetime(2026, 3, 1, 16, 30, tzinfo=UTC))
    assert due.legal_date == date(2026, 3, 16)
    assert due.at == datetime(2026, 3, 16, 15, 59, 59, 999999, tzinfo=UTC)
    assert (due.version, due.provisional, due.unverified) == ("2000-01-01", False, False)


def test_due_as_dict_is_plain_and_carries_both_sentences():
    """What the API sends is JSON values only."""
    data = BOOK.due("maritime.crew_certificate", date(2026, 3, 2)).as_dict()
    assert data["legal_date"] == "2031-03-02"
    assert data["unverified"] is True
    assert data["name"] == {"zh": "渔业船员证书有效期", "en": "Validity of a crew certificate"}
    assert "未核实" in data["explanation"]["zh"]
    assert "Unverified" in data["explanation"]["en"]


def test_marks_are_the_words_beside_a_date():
    """Provisional and unverified are said on the screen, in its language, and nothing where neither holds."""
    assert BOOK.due("assistance.answer", date(2026, 3, 2)).marks() == ()
    assert BOOK.due("aid.township_review", date(2026, 12, 21)).marks() == ("暂定", "未核实")
    assert BOOK.due("aid.township_review", date(2026, 12, 21)).marks("en") == ("provisional", "unverified")


def test_explanation_is_the_whole_arithmetic():
    """The sentence reads as a person would explain it."""
    due = BOOK.due("enforcement.right_to_apply", date(2019, 2, 28))
    assert due.explain("zh") == (
        "履行期间的最后一日（分期履行的，最后一期届满日）：2019年2月28日，当日不计入，自2019年3月1日起算；2年，至2021年2月28日；"
        "届满日为休息日，顺延至其后第一个工作日2021年3月1日；于2021年3月1日届满。"
        "依据：民事诉讼法（2017）第239条，现民事诉讼法（2023）第250条。"
    )
    assert due.explain("en") == (
        "the last day for performance (of the last instalment): 2019-02-28, not counted, so counting starts on "
        "2019-03-01; 2 years: to 2021-02-28; the last day is a rest day, so the first working day after it, "
        "2021-03-01; ends on 2021-03-01. Source: 民事诉讼法 (2017) art. 239, now 民事诉讼法 (2023) art. 250."
    )


def test_unknown_clock_names_similar_ones():
    """A typing mistake is answered with the codes that are near."""
    with pytest.raises(UnknownClock, match=r"assistance\.answer"):
        BOOK.due("assistance.anser", date(2026, 3, 2))


def test_version_before_the_first_is_refused_and_says_so():
    """No version is guessed for a day before the first that is recorded."""
    with pytest.raises(NoVersionInForce, match="2026-11-01"):
        BOOK.due("corrections.prison_handover", date(2026, 10, 31))
    assert (
        BOOK.due("corrections.prison_handover", date(2026, 10, 31), on=date(2026, 11, 1)).version
        == "2026-11-01"
    )


def test_settings_change_only_what_the_data_leaves_open():
    """An agreed period is a setting; a legal one is not, whatever the configuration says."""
    book = BOOK.with_settings({"assistance.answer": 5})
    assert book.due("assistance.answer", date(2026, 3, 2)).legal_date == date(2026, 3, 9)
    assert BOOK.due("assistance.answer", date(2026, 3, 2)).legal_date == date(2026, 3, 16)
    with pytest.raises(LengthNotAdjustable):
        BOOK.with_settings({"enforcement.freeze_deposit": 5})
    with pytest.raises(LengthOutOfRange, match="from 1 to 60"):
        BOOK.with_settings({"assistance.answer": 61})
    with pytest.raises(UnknownClock):
        BOOK.with_settings({"no.such": 1})


def test_document_length_beats_the_setting_and_keeps_its_range():
    """A letter that prints its own period counts by it; a law that names none needs one."""
    book = BOOK.with_settings({"assistance.answer": 5})
    assert book.due("assistance.answer", date(2026, 3, 2), length=2).legal_date == date(2026, 3, 4)
    with pytest.raises(LengthNotAdjustable):
        BOOK.due("enforcement.file_application", date(2026, 3, 2), length=2)
    with pytest.raises(LengthMissing):
        BOOK.due("recommendations.fraud_exit_ban", date(2026, 3, 2))
    with pytest.raises(LengthOutOfRange, match="from 6 to 36"):
        BOOK.due("recommendations.fraud_exit_ban", date(2026, 3, 2), length=5)


def test_naive_instants_and_dates_for_hours_are_refused():
    """Neither a zone nor an hour is guessed."""
    with pytest.raises(MomentWithoutZone):
        BOOK.due("assistance.answer", datetime(2026, 3, 2, 9, 0))
    with pytest.raises(DateNeedsMoment):
        BOOK.due("disputes.protection_order", date(2026, 3, 2))


def test_dates_beyond_the_calendar_are_refused_where_rest_days_matter():
    """Rest days before May 1995 are not known, and a date of the next century is a typing mistake."""
    with pytest.raises(CalendarTooEarly):
        BOOK.due("maritime.penalty_challenge", date(1990, 1, 1))
    assert BOOK.due("maritime.captain_certificate_hold", date(1990, 1, 1)).legal_date == date(1990, 7, 1)
    with pytest.raises(CalendarTooLate):
        BOOK.due("enforcement.file_application", date(2101, 1, 1))
    with pytest.raises(CalendarTooLate):
        BOOK.due("enforcement.freeze_deposit", date(9999, 6, 1))


def test_before_2004_a_rolled_date_is_provisional_and_a_plain_one_is_not():
    """Without the calendar of 2003, only what does not rest on it is settled."""
    rolled = BOOK.due("enforcement.file_application", date(2003, 3, 3))
    assert (rolled.legal_date, rolled.provisional) == (date(2003, 3, 10), True)
    effect = BOOK.due("corrections.custody", date(2020, 12, 2))
    assert effect.provisional is False


def test_article_numbers_go_both_ways_through_the_editions():
    """The trap itself: 225, 232 and 236 are one provision."""
    articles = ArticleMap.standard()
    law = "民事诉讼法"
    assert articles.renumber(law, 236, edition="2023", to="2012") == "225"
    assert articles.renumber(law, "225", edition="2017", to="2021") == "232"
    assert articles.renumber(law, "226", edition="2012", to="2023") == "237"
    assert articles.renumber(law, "227", edition="2012", to="2023") == "238"
    assert articles.renumber(law, "239", edition="2012", to="2023") == "250"
    assert articles.on(law, "250", edition="2023", day=date(2018, 5, 1)) == "239"
    assert articles.on(law, "250", edition="2023", day=date(2022, 5, 1)) == "246"
    assert articles.on(law, "250", edition="2023", day=date(2026, 5, 1)) == "250"
    assert articles.row(law, "122", edition="2023").numbers == {
        "2012": "119", "2017": "119", "2021": "122", "2023": "122",
    }  # fmt: skip
    with pytest.raises(UnknownArticle):
        articles.renumber(law, "999", edition="2023", to="2012")
    with pytest.raises(UnknownArticle):
        articles.on(law, "250", edition="2023", day=date(2010, 1, 1))
    with pytest.raises(UnknownArticle):
        articles.row(law, "999", edition="2023")
    with pytest.raises(UnknownArticle):
        articles.renumber(law, "168", edition="2023", to="2012")


def test_article_map_never_gives_one_number_to_two_provisions():
    """Within one edition a number stands for one provision."""
    seen = {}
    for row in ArticleMap.standard().rows:
        for edition, number in row.numbers.items():
            assert seen.setdefault((row.law, edition, number), row) is row


def test_every_old_matter_can_be_cited_by_the_number_of_its_day():
    """A clock that governs from before its edition has its older numbers in the map."""
    articles = BOOK.articles
    asked = 0
    for rule in BOOK:
        for version in rule.versions:
            source, day = version.source, version.from_day
            edition = articles.edition_on(source.law, day)
            if edition is None or not source.edition or edition == source.edition:
                continue
            asked += 1
            assert articles.on(source.law, source.article, edition=source.edition, day=day), rule.code
    assert asked > 25


def test_citations_use_numbers_that_the_map_knows():
    """Every clock of the civil procedure law cites either a mapped article or its own edition only."""
    due = BOOK.due("enforcement.objection_review", date(2015, 3, 2))
    assert "（2012）第225条，现民事诉讼法（2023）第236条" in due.explain("zh")
    assert "art. 236" in BOOK.due("enforcement.objection_review", date(2026, 3, 2)).explain("en")
    assert "now" not in BOOK.due("enforcement.objection_review", date(2026, 3, 2)).explain("en")
    inferred = BOOK.due("business.first_instance", date(2018, 3, 1))
    assert "（2017）第149条（条号推定），现民事诉讼法（2023）第152条" in inferred.explain("zh")
    assert "art. 149 (number inferred), now" in inferred.explain("en")


def test_standing_speaks_in_days():
    """Dates carry words, by legal days and to the instant."""
    due = BOOK.due("assistance.answer", date(2026, 3, 2))

    def said(now, language="zh"):
        return standing(due.legal_date, due.at, now).text(language)

    assert said(datetime(2026, 3, 12, 1, tzinfo=UTC)) == "剩 4 天"
    assert said(datetime(2026, 3, 15, 1, tzinfo=UTC), "en") == "1 day left"
    assert said(datetime(2026, 3, 16, 15, 59, tzinfo=UTC)) == "今天到期"
    assert said(datetime(2026, 3, 16, 16, 0, tzinfo=UTC)) == "逾期 1 天"
    assert said(datetime(2026, 3, 18, 1, tzinfo=UTC), "en") == "2 days overdue"
    hours = BOOK.due("couriers.loss_report", datetime(2026, 3, 2, 1, tzinfo=UTC))
    assert standing(hours.legal_date, hours.at, datetime(2026, 3, 2, 4, tzinfo=UTC)).text() == "今天已逾期"


def test_share_used_runs_from_nothing_to_more_than_all():
    """The share that 70, 90 and 100 per cent warnings look at."""
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 11, tzinfo=UTC)
    assert share_used(start, end, datetime(2026, 3, 8, tzinfo=UTC)) == pytest.approx(0.7)
    assert share_used(start, end, datetime(2026, 2, 1, tzinfo=UTC)) == 0.0
    assert share_used(start, end, datetime(2026, 3, 21, tzinfo=UTC)) == pytest.approx(2.0)
    assert share_used(start, start, end) == 1.0


def test_closed_season_follows_the_year_of_the_trigger_and_its_notice():
    """A season is data by year: 2023 was read, 2026 is last year's by default and says so."""
    read = BOOK.due("maritime.closed_season_trawl_and_others", date(2023, 6, 1))
    assumed = BOOK.due("maritime.closed_season_trawl_and_others", date(2026, 6, 1))
    assert (read.unverified, assumed.unverified) == (False, True)
    assert read.at == datetime(2023, 9, 16, 4, 0, tzinfo=UTC)
    assert assumed.at.year == 2026
    with pytest.raises(NoVersionInForce):
        BOOK.due("maritime.closed_season_trawl_and_others", date(2017, 6, 1))


def test_book_is_not_changed_by_its_readers():
    """Books made from one another leave it alone."""
    before = dict(BOOK.settings)
    BOOK.with_settings({"assistance.answer": 7})
    assert dict(BOOK.settings) == before
    assert MappingProxyType(dict(BOOK.rules)) == BOOK.rules
