"""案款: one court's money. What nobody has claimed, what must leave and by when, what is held and why, and the bank beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from lianban.actions.errors import FileTooLarge, MatterNotFound
from lianban.actions.import_statement import import_statement, match_entry, receive_line, undo_match
from lianban.actions.money_errors import MoneyNotFound, StatementRefused
from lianban.actions.permissions import may, require
from lianban.actions.print_money import print_distribution, print_fund, print_payout
from lianban.actions.receive_payment import Arrival, receive_payments
from lianban.doors.web.reading import acting_of
from lianban.engines.clocks.moments import legal_date, start_of_day
from lianban.engines.errors import LianbanError
from lianban.engines.forms.parsing import parse
from lianban.records import bank, claims, clocks, funds, matter_view
from lianban.records.bank import BankLine, Movement
from lianban.records.clocks import ClockRow
from lianban.records.funds import FundRow

SHOWN = 200
# What is typed on this page itself, read as every form is: yuan to fen, days as days.
_ARRIVAL = {
    "type": "object",
    "properties": {
        "amount": {"type": "integer", "format": "money"}, "opening": {"type": "integer", "format": "money"},
        "arrived_on": {"type": "string", "format": "date"},
    },
}  # fmt: skip


@require_GET
def money(request: HttpRequest) -> HttpResponse:
    """The court's page of money. Whoever keeps no money of a court has none."""
    return _page(request)


def _page(request: HttpRequest, refused: LianbanError | None = None) -> HttpResponse:
    acting = acting_of(request)
    require(acting, "receive_payment")
    with connection.cursor() as cursor:
        waiting = funds.unclaimed(cursor, SHOWN)
        unpaid = funds.unpaid(cursor, SHOWN)
        payouts = funds.waiting_payouts(cursor, SHOWN)
        standing = clocks.of(cursor, about=[fund.id for fund in unpaid])
        lines = bank.unmatched_lines(cursor, SHOWN)
        ours = bank.unmatched_movements(cursor, limit=SHOWN)
        statements = bank.statements(cursor)
        book, said, difference, until = bank.balances(cursor)
        chosen = claims.settings(cursor)
        found = [*(f.matter for f in unpaid), *(p.matter for p in payouts), *(m.matter for m in ours)]
        ids = {matter for matter in found if matter is not None}
        heads = {head.id: head for head in matter_view.heads(cursor, only=list(ids), limit=len(ids) or 1)}
    # One that ended is still told: what is late stays late until it is paid.
    due = {row.about: row for row in standing if row.state in ("running", "expired")}
    shown = sorted((_fund(fund, due.get(fund.id), acting.now) for fund in unpaid), key=_urgency)
    context = {
        "waiting": waiting, "leaving": [one for one in shown if not one["held"]], "held": [one for one in shown if one["held"]],
        "payouts": payouts, "heads": heads, "lines": [(line, _fitting(line, ours)) for line in lines], "ours": ours,
        "statements": statements, "book": book, "said": said, "difference": difference, "until": until,
        "clock": chosen.payout_clock, "now": acting.now, "today": legal_date(acting.now), "refused": refused,
        "refused_text": refused.text(get_language() or "zh") if refused else "", "limit": SHOWN,
        "rows": refused.found["rows"] if isinstance(refused, StatementRefused) else (),
        "may_import": may(acting, "import_statement"),
        "total": {"waiting": sum(f.amount_fen for f in waiting), "leaving": sum(one["payable"] for one in shown),
                  "held": sum(one["held"] for one in shown)},
        "late": sum(1 for one in shown if one["due"] and one["due"].due_at < acting.now),
    }  # fmt: skip
    return render(request, "payments.html", context, status=refused.status if refused else 200)


def _fund(fund: FundRow, due: ClockRow | None, now: datetime) -> dict[str, Any]:
    held = fund.money().held_fen(now)
    stops = any(hold.kind.stops_clock for hold in fund.open_holds)
    return {
        "row": fund, "due": due, "held": held, "stops": stops, "payable": max(0, fund.money().payable_fen(now)),
        "holds": fund.open_holds, "days": (legal_date(now) - legal_date(fund.arrived_at)).days,
    }  # fmt: skip


def _urgency(one: dict[str, Any]) -> tuple[bool, Any]:
    due = one["due"]
    return (due is None, due.due_at if due else one["row"].arrived_at)


def _fitting(line: BankLine, ours: list[Movement]) -> list[Movement]:
    """The movements a person may say it is: same way, the same sum first, then the nearest day."""
    same = [one for one in ours if (one.amount_fen > 0) == (line.amount_fen > 0)]
    return sorted(same, key=lambda one: (one.amount_fen != line.amount_fen, abs((one.on - line.on).days)))[
        :12
    ]


def _data(request: HttpRequest) -> dict[str, Any]:
    return parse(_ARRIVAL, {name: request.POST.getlist(name) for name in request.POST})


@require_POST
def statement(request: HttpRequest) -> HttpResponse:
    """Take a bank statement. With a mistake in it nothing is taken, and every mistake is listed with its row."""
    acting = acting_of(request)
    handed = request.FILES.get("file")
    if (too_large := getattr(request, "upload_refused", None)) is not None:
        raise FileTooLarge(**too_large)
    opening = _data(request).get("opening")
    try:
        import_statement(
            acting, handed.name or "" if handed else "", handed.read() if handed else b"",
            opening if isinstance(opening, int) else None,
        )  # fmt: skip
    except LianbanError as error:
        return _page(request, error)
    return HttpResponseRedirect("/payments#bank")


@require_POST
def arrival(request: HttpRequest) -> HttpResponse:
    """Money that arrived and nobody knows for what."""
    acting = acting_of(request)
    data = _data(request)
    if not isinstance(data.get("amount"), int) or data["amount"] <= 0:
        return _page(request, MoneyNotFound(what_zh="金额，请以元填写", what="an amount in yuan"))
    try:
        day = datetime.fromisoformat(data.get("arrived_on", "")).date()
    except ValueError:
        day = legal_date(acting.now)
    try:
        receive_payments(
            acting,
            [Arrival(data["amount"], min(start_of_day(day), acting.now), request.POST.get("payer", "").strip()[:100],
                     request.POST.get("bank_reference", "").strip()[:64])],
        )  # fmt: skip
    except LianbanError as error:
        return _page(request, error)
    return HttpResponseRedirect("/payments#waiting")


@require_POST
def claim(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """From an unclaimed arrival to the matter it is for, by its number: the act's own form says the rest."""
    acting = acting_of(request)
    require(acting, "receive_payment")
    number = request.POST.get("number", "").strip()
    with connection.cursor() as cursor:
        found = (
            [head for head in matter_view.heads(cursor, search=number[:60], limit=2) if number]
            if number
            else []
        )
    exact = [head for head in found if head.number == number] or found
    if len(exact) != 1:
        return _page(request, MatterNotFound())
    return HttpResponseRedirect(f"/matters/{exact[0].id}/acts/claim_fund/{fund_id}")


@require_POST
def line(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """What an officer says about a line of the bank: which movement it is, that it is a new arrival, that it was wrong."""
    acting = acting_of(request)
    verb = request.POST.get("verb", "match")
    try:
        if verb == "arrival":
            receive_line(acting, line_id)
        elif verb == "undo":
            undo_match(acting, line_id, request.POST.get("reason", ""))
        else:
            match_entry(acting, line_id, request.POST.get("movement", ""))
    except LianbanError as error:
        return _page(request, error)
    return HttpResponseRedirect("/payments#bank")


def _pdf(number: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = "inline"
    return response


@require_GET
def payout_notice(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    return _pdf(*print_payout(acting_of(request), payout_id))


@require_GET
def fund_receipt(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    return _pdf(*print_fund(acting_of(request), fund_id))


@require_GET
def distribution_plan(request: HttpRequest, distribution_id: UUID) -> HttpResponse:
    return _pdf(*print_distribution(acting_of(request), distribution_id))
