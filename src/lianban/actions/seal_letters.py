"""签章: each letter gets its number, and the ledger the digest of what was sealed; nothing of it changes after.

The digest stands in the ledger alone. Beside the letter it would let whoever sees letters try out what one says.
"""

from __future__ import annotations

from lianban.actions.abilities import Completing, Outcome, completes
from lianban.actions.errors import NothingToDo
from lianban.engines import ledger
from lianban.engines.clocks.moments import legal_date
from lianban.records.letters import contents_of
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
    contents = contents_of(work.cursor, drafts)
    sealed = []
    for draft, number in zip(
        sorted(drafts, key=lambda row: directory[row.addressee_id].code), numbers, strict=True
    ):
        text = f"〔{year}〕{organ}协函{number}号"
        digest = ledger.digest(
            {"number": text, "sender": str(draft.sender_id), "addressee": str(draft.addressee_id),
             "kind": draft.kind, "legal_basis": draft.legal_basis, "questions": draft.questions,
             "content": contents[draft.content_id], "sealed_at": completing.at}
        )  # fmt: skip
        work.letters.change(draft, number=text, state="sealed", sealed_at=completing.at)
        sealed.append({"letter": str(draft.id), "number": text, "seal": digest})
    return Outcome(
        variables=completing.data, said={"sealed": sealed}, shown={"letters": len(sealed)}, milestone=False
    )
