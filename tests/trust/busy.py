"""A city with several matters, in which whatever must not be seen carries a word of its own: a canary."""

from __future__ import annotations

from dataclasses import dataclass, field

from case_making import LEAD, open_case
from officials import MONDAY, City, days

# username → the words the walk uses for the role
ROLES = (
    "court.judge", "court.clerk", "court.seal_keeper", "court.recorder", "central_bank.liaison", "tax.liaison", "tax.handler_1",
    "transport.liaison", "civil_affairs.liaison", "housing.liaison", "police.handler_1", "customs.liaison", "forestry.liaison", "political_legal.supervisor",
    "qingping.grid_worker", "liuxi.liaison", "platform.auditor", "platform.system_administrator", "platform.security_administrator",
)  # fmt: skip


@dataclass
class Busy:
    city: City
    # a text → the agencies that may ever be shown it. The platform's auditor reads why people acted as they did.
    canaries: dict[str, frozenset[str]] = field(default_factory=dict)
    # full identity numbers: shown to nobody unasked
    numbers: list[str] = field(default_factory=list)

    def plant(self, text: str, *agencies: str) -> str:
        self.canaries[text] = frozenset(agencies)
        return text

    def forbidden(self, agency: str) -> list[str]:
        return [text for text, may in self.canaries.items() if agency not in may] + self.numbers


def make_busy(city: City) -> Busy:
    busy = Busy(city)
    _answered(busy)
    _asked(busy)
    _amended(busy)
    _drafted(busy)
    _withdrawn(busy)
    _delegated(busy)
    _redrawn(busy)
    _held(busy)
    _paid(busy)
    city.fire(MONDAY + days(30))
    city.sequence()
    busy.numbers = [city.person(number).id_number for number in range(2)]
    return busy


def _pushed(busy: Busy) -> None:
    """A case of which a township was told four facts: the other party, what is listed and what is objected are the court's."""
    city = busy.city
    debtor = busy.plant("金丝雀债务人", "court", "qingping")
    case = open_case(city, creditors=(busy.plant("金丝雀申请人", "court"),), debtors=(debtor,),
                     cause=busy.plant("金丝雀案由九", "court"))  # fmt: skip
    party = case.party(debtor)
    key = case.act("push_to_township", {"township": "qingping", "party": party, "asked": "look_for_property",
                                        "question": busy.plant("金丝雀所问", "court", "qingping")})  # fmt: skip
    case.do("qingping.liaison", "collaborations.sign", {}, key)
    lead = {**LEAD, "note": busy.plant("金丝雀棉花地", "court", "qingping")}
    case.do("qingping.grid_worker", "collaborations.report", lead, key)
    case.act("limit_consumption", {"party": party, "capacity": "debtor"})
    case.act(
        "list_debtor", {"party": party, "ground": "obstructs", "facts": busy.plant("金丝雀抗拒", "court")}
    )
    case.act("file_objection", {"kind": "third_party", "objector": busy.plant("金丝雀案外人", "court"),
                                "request": busy.plant("金丝雀所请求", "court"), "received_on": "2026-03-02"})  # fmt: skip


def _say(busy: Busy, matter, unit: str, question: str, record: dict[str, str]) -> None:
    city = busy.city
    data = city.answer_data(matter, unit, "yes")
    data["findings"][question]["records"] = [{"subject": 1, **record}]
    city.do(f"{unit}.handler_1", matter, "answer", data)


def _answered(busy: Busy) -> None:
    """Two units have answered; each answer, and the file of one, is its unit's and the court's."""
    from lianban.actions.add_document import add_document

    city = busy.city
    matter = city.open(
        ("police", "housing"), names=(busy.plant("金丝雀甲", "court", "police", "housing"),),
        # The letter names the cause of its case to its units; the supervisor sees that there is a letter.
        cause=busy.plant("金丝雀案由一", "court", "police", "housing"),
    )  # fmt: skip
    city.send(matter)
    for unit in ("police", "housing"):
        city.sign_and_route(matter, unit)
    with city.acting_as("police.handler_1") as acting:
        text = busy.plant("金丝雀文件", "court", "police")
        add_document(acting, matter, f"{text}.txt", text.encode(), city.letter(matter, "police"))
    with city.acting_as("court.clerk") as acting:
        text = busy.plant("金丝雀内卷", "court")
        add_document(acting, matter, f"{text}.txt", text.encode())
    _say(
        busy,
        matter,
        "police",
        "household",
        {"registered_address": busy.plant("金丝雀公安地址", "court", "police")},
    )
    _say(
        busy,
        matter,
        "housing",
        "provident_fund",
        {"employer": busy.plant("金丝雀缴存单位", "court", "housing")},
    )
    city.check(matter, "police")


def _asked(busy: Busy) -> None:
    """The tax bureau alone is asked, has answered once, was returned, and has not answered again."""
    city = busy.city
    matter = city.open(
        ("tax",),
        names=("占位姓名", busy.plant("金丝雀乙", "court", "tax")),
        cause=busy.plant("金丝雀案由二", "court", "tax"),
    )
    city.send(matter)
    city.sign_and_route(matter, "tax")
    _say(busy, matter, "tax", "tax", {"taxpayer": busy.plant("金丝雀纳税人", "court", "tax")})
    city.check(matter, "tax", "return", busy.plant("金丝雀退回理由", "court", "tax", "platform"))


def _amended(busy: Busy) -> None:
    """Two units are asked with a remark; what was then amended for one of them is no business of the other."""
    city, units = busy.city, ("transport", "civil_affairs")
    matter = city.open(units, names=(busy.plant("金丝雀己", "court", *units),))
    remark = busy.plant("金丝雀函件备注", "court", *units)
    city.do("court.clerk", matter, "draft", {"note": remark})
    city.do("court.judge", matter, "approve", {"decision": "approve"})
    city.do("court.seal_keeper", matter, "seal", {"checked": True})
    city.sign_and_route(matter, "transport")
    city.do("transport.handler_1", matter, "answer", {"result": "supplement", "supplement": "请补充车牌号码"})
    city.check(matter, "transport", "amend", "同意补正")
    # Why people acted as they did, the platform's auditor reads in the ledger.
    amended = busy.plant("金丝雀补正内容", "court", "transport", "platform")
    city.do("court.clerk", matter, "amend", {"note": amended})


def _drafted(busy: Busy) -> None:
    """A draft: nobody but the court knows of it."""
    city = busy.city
    matter = city.open(
        ("forestry",), names=(busy.plant("金丝雀丙", "court"),), cause=busy.plant("金丝雀案由三", "court")
    )
    city.do("court.clerk", matter, "draft", {"note": busy.plant("金丝雀草稿说明", "court")})


def _withdrawn(busy: Busy) -> None:
    """A letter that was withdrawn: its unit no longer sees whom it was about."""
    from lianban.actions.withdraw_letter import withdraw_letter

    city = busy.city
    matter = city.open(("customs", "tax"), names=(busy.plant("金丝雀丁", "court", "tax"),))
    city.send(matter)
    with city.acting_as("court.judge") as acting:
        withdraw_letter(
            acting, city.letter(matter, "customs"), busy.plant("金丝雀撤函理由", "court", "platform")
        )


def _delegated(busy: Busy) -> None:
    """A desk of the tax bureau is delegated, for a reason that is the bureau's own business."""
    from lianban.actions.delegate import delegate

    city = busy.city
    reason = busy.plant("金丝雀请假事由", "tax", "platform")
    with city.acting_as("tax.handler_1") as acting:
        delegate(acting, city.officer("tax.liaison"), MONDAY, MONDAY + days(1), reason)


def _held(busy: Busy) -> None:
    """A matter of enforcement that holds an account: the bank sees the order and its owner, nobody else anything of it."""
    from lianban.actions.act_on_matter import act_on_matter
    from lianban.actions.complete_task import complete_task
    from lianban.actions.open_matter import Opening, open_matter

    city = busy.city
    who = [
        {"role": role, "kind": "person", "name": busy.plant(name, *seen), "id_kind": "resident_id",
         "id_number": city.person(number).id_number}
        for number, (role, name, seen) in enumerate([
            ("creditor", "金丝雀申请人", ("court",)), ("debtor", "金丝雀被执行人", ("court", "central_bank")),
        ])
    ]  # fmt: skip
    with city.acting_as("court.clerk") as acting:
        matter = open_matter(acting, "enforcement", Opening({
            "basis_no": "（2025）云9901民初7号", "cause": busy.plant("金丝雀执行案由", "court"), "kind": "civil",
            "claim": {"principal": 10_000_00}, "subjects": who,
        }))  # fmt: skip
    debtor = city.one("SELECT id FROM party WHERE matter_id = %s AND role = 'debtor'", matter)
    with city.acting_as("court.judge") as acting:
        asset = act_on_matter(acting, matter, "record_asset", {
            "kind": "deposit", "unit": "central_bank", "key": busy.plant("金丝雀账号", "court", "central_bank"),
            "name": busy.plant("金丝雀存款", "court", "central_bank"), "found_by": "lead", "party": str(debtor),
            "note": busy.plant("金丝雀财产说明", "court"),
        })  # fmt: skip
        measure = act_on_matter(
            acting,
            matter,
            "order_measure",
            {"kind": "freeze", "basis": "enforcement", "ceiling_fen": 5_000_00},
            asset,
        )
    for element, data in (("measure_service", {}), ("measure_answer", {
        "outcome": "done", "amount_fen": 1_00, "remark": busy.plant("金丝雀银行说明", "court", "central_bank"),
    })):  # fmt: skip
        task = city.one("SELECT id FROM task WHERE about = %s AND element = %s", measure, element)
        with city.acting_as("central_bank.liaison") as acting:
            complete_task(acting, task, data)


def _redrawn(busy: Busy) -> None:
    """The court changes the drawing of its scene: until it is published that is the court's own business."""
    from lianban.actions.save_draft import save_draft
    from lianban.records import scenes

    text = (
        scenes.scene("assistance").process.source.decode().replace("审批", busy.plant("金丝雀环节", "court"))
    )
    with busy.city.acting_as("court.clerk") as acting:
        save_draft(acting, "assistance", "process.bpmn", text.encode(), 1, 0)


def _paid(busy: Busy) -> None:
    """A matter with money: who is owed, who paid, why it is held, how it is divided. The court's alone; the auditor reads
    reasons and documents in the ledger."""
    from lianban.actions.act_on_matter import act_on_matter
    from lianban.actions.import_statement import import_statement
    from lianban.actions.open_matter import Opening, open_matter

    city = busy.city
    names = [busy.plant(f"金丝雀案款{name}", "court") for name in ("债权人一", "债权人二", "债务人")]
    who = [{"role": role, "kind": "person", "name": name, "id_kind": "resident_id", "id_number": city.person(number).id_number}
           for number, (role, name) in enumerate(zip(("creditor", "creditor", "debtor"), names, strict=True))]  # fmt: skip
    with city.acting_as("court.clerk") as acting:
        matter = open_matter(acting, "enforcement", Opening({
            "basis_no": "（2025）云9901民初7号", "cause": busy.plant("金丝雀案款案由", "court"),
            "kind": "civil", "claim": {"principal": 300_00, "due_on": "2026-01-31"}, "subjects": who}))  # fmt: skip
    payer = busy.plant("金丝雀付款人", "court")
    basis = busy.plant("金丝雀判决书", "court", "platform")

    def act(by, code, data, record=None):
        with city.acting_as(by) as acting:
            return act_on_matter(acting, matter, code, data, record)

    owed = []
    for name, fen in zip(names, (200_00, 100_00), strict=False):
        party = city.one("SELECT id FROM party WHERE name = %s", name)
        owed.append(act("court.judge", "record_claim", {
            "creditor": str(party), "basis": basis, "participant": bool(owed), "interest_rates": [
                {"yearly_percent": "3.85", "first_day": "2025-01-01"}], "pauses": [
                {"first_day": "2026-02-10", "last_day": "2026-02-11", "reason": busy.plant(f"金丝雀中止{fen}", "court")}],
            "tranches": [{"amount": fen, "last_day": "2026-01-31"}]}))  # fmt: skip
    arrival = {"arrived_on": "2026-03-02", "notified_on": "2026-03-02", "payer": payer}
    fund = act("court.cashier", "receive_payment", {**arrival, "amount": 150_00, "claim": str(owed[0])})
    act(
        "court.judge",
        "hold_fund",
        {"kind": "dispute", "amount": 10_00, "reason": busy.plant("金丝雀暂缓", "court", "platform")},
        fund,
    )
    payout = act("court.clerk", "propose_payout", {"amount": 50_00, "claim": str(owed[0])}, fund)
    act("court.judge", "approve_payout", {"decision": "approve"}, payout)
    shared = act("court.cashier", "receive_payment", {**arrival, "amount": 60_00})
    plan = act("court.judge", "distribute", {}, shared)
    act("court.judge", "serve_distribution", {"served_on": "2026-03-02"}, plan)
    act("court.judge", "object_to_distribution", {
        "by": busy.plant("金丝雀异议人", "court"), "against": str(owed[1]), "ground": busy.plant("金丝雀异议理由", "court"),
        "received_on": "2026-03-02"}, plan)  # fmt: skip
    act("court.judge", "agree_instalments", {
        "ground": "agreement", "creditor_document": busy.plant("金丝雀和解笔录", "court", "platform"), "agreed_on": "2026-03-02",
        "total": 20_00, "instalments": [{"due_on": "2026-06-01", "amount": 20_00}]}, owed[0])  # fmt: skip
    with city.acting_as("court.cashier") as acting:
        text = f"日期,金额,流水号,对方户名\n2026-03-02,150.00,J1,{payer}\n2026-03-02,7.00,J2,{busy.plant('金丝雀户名', 'court')}\n"
        import_statement(acting, "金丝雀对账单.csv", text.encode(), 0)
