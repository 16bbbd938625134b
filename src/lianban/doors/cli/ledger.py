"""``lianban ledger``: check all of it, prove one entry."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from lianban.doors.cli.readiness import with_records
from lianban.doors.cli.speaking import print_json, say
from lianban.records import server

app = typer.Typer(no_args_is_help=True, add_completion=False, help="存证：核验与证明。")
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


@app.command()
def verify(as_json: AsJson = False) -> None:
    """核验整个账本：条目、树、签名，以及所指的反馈和文书。Check every entry, leaf, signature, answer and document."""
    with_records(server.Role.AUDITOR)
    from django.db import transaction

    from lianban.actions.sequence_ledger import signing_key
    from lianban.actions.verify_ledger import verify_ledger

    with transaction.atomic():
        found = verify_ledger(signing_key().verifying_key())
    if as_json:
        print_json(
            {"sound": found.sound, "entries": found.entries, "erased": found.erased, "evidence": found.evidence,
             "checkpoints": found.checkpoints, "waiting": found.waiting, "root": found.root,
             "faults": [{"where": f.where, "zh": f.zh, "en": f.en} for f in found.faults]}
        )  # fmt: skip
    else:
        for fault in found.faults[:50]:
            say(f"✗ {fault.where}：{fault.zh}", f"✗ {fault.where}: {fault.en}")
        mark = "✓" if found.sound else "✗"
        say(
            f"{mark} 存证 {found.entries} 条，反馈与文书 {found.evidence} 份，签名检查点 {found.checkpoints} 个，"
            f"待编序 {found.waiting} 条；根 {found.root[:16]}…；问题 {len(found.faults)} 处",
            f"{mark} {found.entries} entries, {found.evidence} answers and documents, {found.checkpoints} signed"
            f" checkpoints, {found.waiting} waiting; root {found.root[:16]}…; {len(found.faults)} faults",
        )
    if not found.sound:
        raise typer.Exit(1)


@app.command()
def prove(
    entry: Annotated[
        str, typer.Argument(help="存证编号；latest 为最近一条。An entry's id, or latest.")
    ] = "latest",
    out: Annotated[Path | None, typer.Option("--out", help="写入文件。Write to a file.")] = None,
) -> None:
    """为一条存证出具证明，任何人可用 docs/verify_ledger_proof.py 独立核验。The proof of one entry."""
    with_records(server.Role.AUDITOR)
    from django.db import connection, transaction

    from lianban.actions.errors import EntryNotFound
    from lianban.actions.prove_entry import prove_entry
    from lianban.actions.sequence_ledger import signing_key
    from lianban.records import ledger_tree

    with transaction.atomic():
        if entry == "latest":
            with connection.cursor() as cursor:
                last = ledger_tree.last_placed(cursor)
            if last is None:
                raise EntryNotFound
            wanted = last
        else:
            try:
                wanted = UUID(entry)
            except ValueError as error:
                raise EntryNotFound from error
        proof = prove_entry(wanted, signing_key().verifying_key())
    if out is None:
        typer.echo(proof.as_json())
        return
    out.write_text(proof.as_json(), "utf-8")
    say(
        f"已写入 {out}。核验：python docs/verify_ledger_proof.py {out}",
        f"Written to {out}. Check it: python docs/verify_ledger_proof.py {out}",
    )
