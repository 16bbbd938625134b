"""What courts and units do with measures, through the actions: from the order to the end."""

from __future__ import annotations

from measure_city import CLAIM, OTHER, at


def test_order_has_no_effect_before_it_is_served(holding):
    """The order lies on the unit's desk; the moment the unit signs for it, it holds, first, for one year."""
    matter = holding.matter()
    measure = holding.order(matter, holding.asset(matter))
    assert holding.stands(measure) == ("ordered", None, None)
    holding.serve(measure, at("2026-03-04"))
    assert holding.stands(measure) == ("effective", 1, "2027-03-02")  # the printed end, of the order's day
    holding.answer(measure, amount_fen=500_00, when=at("2026-03-04", 11))
    assert holding.city.one("SELECT held FROM lianban.control_of(%s)", matter) == 500_00


def test_rank_counts_over_all_courts_and_shows_nothing_else(holding):
    """Two courts on one account: the second waits at rank 2, sees neither whose order stands before nor what it holds."""
    first, second = holding.matter(), holding.matter(by=f"{OTHER}.clerk")
    one = holding.held(first, 800_00, asset=holding.asset(first, key="6222-1"))
    thing = holding.asset(second, key="6222-1", by=f"{OTHER}.judge")
    two = holding.order(second, thing, by=f"{OTHER}.judge")
    holding.serve(two, at("2026-03-03"))
    holding.answer(two, "waiting", at("2026-03-03"), rank=2)
    assert holding.stands(one)[:2] == ("effective", 1)
    assert holding.stands(two)[:2] == ("waiting", 2)
    with holding.sql(f"{OTHER}.judge") as connection:
        assert connection.execute("SELECT id, rank FROM measure").fetchall() == [(two, 2)]
        assert connection.execute("SELECT held, most FROM lianban.control(%s)", [first]).fetchall() == [
            (None, None)
        ]
        assert connection.execute("SELECT measure FROM lianban.nets(%s)", [first]).fetchall() == []
    with holding.sql("central_bank.liaison") as connection:  # the unit keeps the list: all orders went to it
        assert len(connection.execute("SELECT id FROM measure").fetchall()) == 2
        assert connection.execute("SELECT count(*) FROM asset").fetchone()[0] == 0
    with holding.sql("tax.liaison") as connection:
        assert connection.execute("SELECT count(*) FROM measure").fetchone()[0] == 0


def test_promotion_is_told_to_the_judge_of_the_next(holding):
    """The first is released; the second court's order takes effect by itself, and its judge is told by event and task."""
    first, second = holding.matter(), holding.matter(by=f"{OTHER}.clerk")
    one = holding.held(first, 800_00, asset=holding.asset(first, key="6222-1"))
    two = holding.order(second, holding.asset(second, key="6222-1", by=f"{OTHER}.judge"), by=f"{OTHER}.judge")
    holding.serve(two, at("2026-03-03"))
    holding.answer(two, "waiting", at("2026-03-03"), rank=2)
    holding.follow(at("2026-03-03", 11))
    holding.act(
        first, "release_measure", {"ground": "performed", "reason": "已经清偿"}, one, when=at("2026-05-06")
    )
    release = holding.city.one("SELECT id FROM measure_release WHERE measure_id = %s", one)
    holding.complete(release, "release_confirmation", when=at("2026-05-07"))
    assert holding.stands(one)[0] == "released"
    assert holding.stands(two)[:2] == ("effective", 1)
    assert holding.row(two)["effective_from"] == at("2026-05-07")
    holding.follow(at("2026-05-07", 11))
    kinds = holding.city.column("SELECT kind FROM event WHERE matter_id = %s ORDER BY seq", second)
    assert "measures.promoted" in kinds
    desk = holding.city.one(
        "SELECT officer_id, agency_id FROM task WHERE about = %s AND element = 'measure_promoted' AND state = 'open'",
        two,
    )
    assert desk == (holding.city.officer(f"{OTHER}.judge"), holding.city.agency(OTHER))
    # What the first court's history says does not name the second's matter, and the other way round.
    said = holding.city.column("SELECT data::text FROM event WHERE matter_id = %s", second)
    assert not any(str(one) in text or str(first) in text for text in said)


def test_warned_then_lapsed_by_itself(holding):
    """T−60 puts the decision on the judge's desk; nobody decides; the last day passes and the effect ends by itself."""
    matter = holding.matter()
    measure = holding.held(matter, 800_00)
    holding.follow(at("2026-03-02", 12))
    clock = holding.city.one(
        "SELECT due_on::text, verb FROM clock WHERE about = %s AND state = 'running' AND code LIKE '%%freeze%%'",
        measure,
    )
    assert clock == ("2027-03-02", "measures.lapse")
    holding.follow(at("2026-12-30"))
    assert (
        holding.city.rows("SELECT 1 FROM task WHERE about = %s AND element = 'renewal_decision'", measure)
        == []
    )
    holding.follow(
        at("2027-01-04")
    )  # T−60 is 1 January, a holiday: the warning came on the working day before
    assert holding.task(measure, "renewal_decision")
    for day in ("2027-02-01", "2027-02-18", "2027-02-23"):
        holding.follow(at(day))
    holding.follow(at("2027-03-02", 23))
    assert holding.stands(measure)[0] == "effective"
    holding.follow(at("2027-03-03", 0, 1))
    assert holding.stands(measure) == ("lapsed", None, "2027-03-02")
    assert (
        holding.city.rows(
            "SELECT 1 FROM task WHERE about = %s AND element = 'renewal_decision' AND state = 'open'", measure
        )
        == []
    )
    assert holding.city.one(
        "SELECT state FROM clock WHERE about = %s AND code = 'enforcement.freeze_deposit'", measure
    ) in ("expired", "stopped")
    kinds = holding.city.column("SELECT kind FROM event WHERE matter_id = %s ORDER BY seq", matter)
    assert kinds.count("clock.warned") == 4
    assert kinds.count("measures.lapsed") == 1


def test_warning_goes_to_the_post_while_the_judge_is_away(holding):
    """A delegate sits at the judge's post: the decision is nobody's by name, so that whoever sits there sees it."""
    from lianban.actions.delegate import delegate

    matter = holding.matter()
    measure = holding.held(matter, 800_00)
    holding.follow(at("2026-03-02", 12))
    with holding.city.acting_as("court.judge", at("2026-12-20")) as acting:
        delegate(acting, holding.city.officer("court.clerk"), at("2026-12-25"), at("2027-01-20"), "休假")
    holding.follow(at("2027-01-04"))
    task = holding.task(measure, "renewal_decision")
    assert holding.city.one("SELECT officer_id, post_id FROM task WHERE id = %s", task) == (
        None,
        holding.city.post("court", "judge"),
    )
    holding.follow(at("2027-02-01"))  # back at the desk: the next warning hands it to her
    assert holding.city.one("SELECT officer_id FROM task WHERE id = %s", task) == holding.city.officer(
        "court.judge"
    )


def test_renewal_is_drafted_signed_served_and_prolongs(holding):
    """One completed task: the judge renews; the unit signs in time; the term goes on from its own end."""
    matter = holding.matter()
    measure = holding.held(matter, 800_00)
    holding.follow(at("2026-03-02", 12))
    holding.follow(at("2027-01-04"))
    holding.complete(measure, "renewal_decision", {"decision": "renew"}, "court.judge", at("2027-01-05"))
    assert holding.stands(measure)[2] == "2027-03-02"  # signed and sent prolongs nothing
    renewal = holding.city.one("SELECT id FROM measure_renewal WHERE measure_id = %s", measure)
    holding.complete(renewal, "renewal_service", when=at("2027-01-06"))
    assert holding.stands(measure) == ("effective", 1, "2028-03-02")
    holding.follow(at("2027-01-06", 12))
    assert (
        holding.city.one(
            "SELECT due_on::text FROM clock WHERE about = %s AND state = 'running' AND code LIKE '%%freeze%%'",
            measure,
        )
        == "2028-03-02"
    )


def test_renewal_in_a_closed_matter(holding):
    """A freeze outlives its matter: it is renewed, and the unit signs for it, although the matter is closed."""
    matter = holding.matter()
    measure = holding.held(matter, 800_00)
    holding.city.superuser.execute(
        "UPDATE matter SET state = 'closed', closed_at = %s WHERE id = %s", [at("2026-06-01"), matter]
    )
    renewal = holding.renew(measure, at("2027-02-01"))
    holding.complete(renewal, "renewal_service", when=at("2027-02-02"))
    assert holding.stands(measure)[2] == "2028-03-02"


def test_late_renewal_revives_nothing(holding):
    """Served the day after: recorded, and without effect (查扣冻规定 27)."""
    matter = holding.matter()
    measure = holding.held(matter, 800_00)
    renewal = holding.renew(measure, at("2027-03-02"))
    holding.complete(renewal, "renewal_service", when=at("2027-03-03"))
    assert holding.stands(measure) == ("lapsed", None, "2027-03-02")
    assert "renewal_too_late" in holding.row(measure)["notes"]


def test_excess_is_found_when_an_answer_brings_it_and_released(holding):
    """Two deposits within their ceilings hold 150 % together: the release clock starts, orders are blocked, a part goes."""
    matter = holding.matter(costs=100_00)
    one = holding.held(matter, 90_000_00)
    two = holding.held(matter, 60_000_00, when=at("2026-03-03"))
    assert holding.city.one("SELECT excess, releasable FROM lianban.control_of(%s)", matter) == (
        49_900_00,
        True,
    )
    holding.follow(at("2026-03-03", 12))
    clock = (
        "SELECT state, due_on::text FROM clock WHERE about = %s AND code = 'enforcement.release_on_ground'"
    )
    assert holding.city.one(clock, matter) == ("running", "2026-03-09")  # the fifth day is a Sunday
    assert holding.task(matter, "measure_excess")
    holding.act(matter, "release_measure", {"ground": "excess", "amount_fen": 49_900_00, "reason": "超标的"}, two,
                when=at("2026-03-04"))  # fmt: skip
    release = holding.city.one("SELECT id FROM measure_release WHERE measure_id = %s", two)
    holding.complete(release, "release_confirmation", {"amount_fen": 10_100_00}, when=at("2026-03-05"))
    assert holding.city.one("SELECT held, excess FROM lianban.control_of(%s)", matter) == (100_100_00, 0)
    holding.follow(at("2026-03-05", 12))
    assert holding.city.one(clock, matter)[0] == "met"
    assert holding.stands(one)[:2] == ("effective", 1)
    assert (
        len(holding.city.rows("SELECT 1 FROM measure_answer WHERE measure_id = %s", two)) == 2
    )  # beside the first


def test_indivisible_sole_asset_may_exceed(holding):
    """One house worth five times the claim: no excess, because nothing can be cut from it (查扣冻规定 19)."""
    matter = holding.matter()
    house = holding.asset(matter, "immovable", unit="natural_resources", value_fen=5 * CLAIM)
    measure = holding.order(matter, house, kind="seal")
    holding.serve(measure, by="natural_resources.liaison")
    holding.answer(measure, by="natural_resources.liaison")
    assert holding.city.one("SELECT held, excess, releasable FROM lianban.control_of(%s)", matter) == (
        5 * CLAIM,
        4 * CLAIM,
        False,
    )
    holding.order(matter, holding.asset(matter))  # more may be ordered


def test_deduction_leaves_the_balance_the_unit_names(holding):
    """Money is taken from a freeze; what the unit says is left counts from then on, and the freeze stays."""
    matter = holding.matter()
    hold = holding.held(matter, 80_000_00)
    taken = holding.act(matter, "deduct", {"amount_fen": 50_000_00}, hold, when=at("2026-04-01"))
    holding.serve(taken, at("2026-04-01", 11))
    holding.answer(taken, when=at("2026-04-01", 12), amount_fen=50_000_00, balance_fen=30_000_00)
    assert holding.stands(taken)[0] == "disposed"
    assert holding.stands(hold)[:2] == ("effective", 1)
    assert holding.city.one("SELECT held FROM lianban.control_of(%s)", matter) == 30_000_00


def test_preservation_goes_on_as_enforcement_in_another_matter(holding):
    """The rank and the end stay; the clock of the creditor's request ends, that of the term runs in the new matter."""
    before, after = holding.matter(), holding.matter()
    measure = holding.held(before, 80_000_00, basis="preservation")
    holding.follow(at("2026-03-02", 12))
    codes = "SELECT code FROM clock WHERE about = %s AND state = 'running' ORDER BY code"
    assert holding.city.column(codes, measure) == [
        "enforcement.freeze_deposit",
        "enforcement.preservation_renewal_request",
        "enforcement.ruling_service",
    ]
    ends = holding.stands(measure)
    number = holding.row(measure)["number"]
    holding.act(after, "continue_preservation", {"number": number}, when=at("2026-06-01"))
    assert (holding.stands(measure), holding.row(measure)["basis"]) == (ends, "enforcement")
    assert holding.row(measure)["matter_id"] == after
    holding.follow(at("2026-06-01", 12))
    assert holding.city.column(codes, measure) == ["enforcement.freeze_deposit"]
    assert holding.city.one("SELECT held FROM lianban.control_of(%s)", after) == 80_000_00


def test_sale_ends_control_for_everyone(holding):
    """The court that holds first sells: its own measure and those that wait are over, in whichever court's matters."""
    from lianban.actions.deduct_measure import dispose_asset
    from lianban.actions.work import working

    first, second = holding.matter(), holding.matter(by=f"{OTHER}.clerk")
    thing = holding.asset(first, "vehicle", key="云A0001", unit="police", value_fen=50_000_00)
    one = holding.order(first, thing, kind="seal")
    holding.serve(one, by="police.liaison")
    holding.answer(one, by="police.liaison")
    other = holding.asset(second, "vehicle", key="云A0001", unit="police", by=f"{OTHER}.judge")
    two = holding.order(second, other, kind="seal", by=f"{OTHER}.judge")
    holding.serve(two, at("2026-03-03"), "police.liaison")
    with holding.city.acting_as("court.judge", at("2026-09-01")) as acting, working(acting) as work:
        work.lock([first])
        assert dispose_asset(work, work.matters[first], thing, at("2026-09-01"), "auction") == one
    assert (holding.stands(one)[0], holding.stands(two)[0]) == ("disposed", "disposed")


def test_evidence_of_an_answer_is_in_the_ledger(holding):
    """The digest the ledger keeps is the row's, and verification computes it anew."""
    matter = holding.matter()
    holding.held(matter, 800_00)
    answer, digest = holding.city.one("SELECT id, digest FROM measure_answer")
    payload = holding.city.one("SELECT payload FROM ledger_entry WHERE act = 'measures.answer'")
    assert digest in payload and str(answer) in payload
    with holding.city.connect("auditor", autocommit=True) as connection:
        assert (
            connection.execute("SELECT lianban.evidence_digest('measure_answer', %s)", [answer]).fetchone()[0]
            == digest
        )
