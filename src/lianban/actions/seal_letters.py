"""签章: each letter gets its number and the digest of what was sealed, and nothing of it changes after."""

from __future__ import annotations

from lianban.actions.abilities import Completing, Outcome, completes
from lianban.actions.errors import NothingToDo
from lianban.engines import ledger
from lianban.engines.clocks.moments import legal_date
from lianban.records.numbering import take_numbers


@completes("letters.seal")
def seal_letters(completing: Completing) -> Outcome:
    work, matter = completing.work, completing.matter
    drafts = [row for row in work.letters.of_matter(work.cursor, matter.id) if row.state == "draft"]
    if not drafts:
        raise NothingToDo(act="签章", reason_zh="没有待签章的函件", reason="there is no draft to seal")
    organ = work.directory.agencies[matter.lead_agency].organ
    year = legal_date(completing.at).year
    numbers = take_numbers(work.cursor, organ, f"letter:{matter.scene}", year, len(drafts))
    directory = work.directory.agencies
    sealed = []
    for draft, number in zip(
        sorted(drafts, key=lambda row: directory[row.addressee_id].code), numbers, strict=True
    ):
        text = f"〔{year}〕{organ}协函{number}号"
        digest = ledger.digest(
            {"number": text, "sender": str(draft.sender_id), "addressee": str(draft.addressee_id),
             "kind": draft.kind, "legal_basis": draft.legal_basis, "questions": draft.questions,
             "content": draft.content, "sealed_at": completing.at}
        )  # fmt: skip
        content = {**draft.content, "seal": digest}
        work.letters.change(draft, number=text, state="sealed", sealed_at=completing.at, content=content)
        sealed.append({"letter": str(draft.id), "number": text, "seal": digest})
    return Outcome(
        variables=completing.data, said={"sealed": sealed}, shown={"letters": len(sealed)}, milestone=False
    )
