"""Add a file to a matter or to an answer. Its digest goes into the ledger; a changed byte shows."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.conf import settings

from lianban.actions.acting import Acting
from lianban.actions.errors import FileTooLarge, LetterNotFound, NothingToDo
from lianban.actions.permissions import require
from lianban.actions.work import working
from lianban.records.history import Entry
from lianban.records.identity import new_id

# What an office exchanges. Anything that runs is not among it.
MEDIA_TYPES = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "txt": "text/plain",
    "csv": "text/csv", "ofd": "application/ofd",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def add_document(
    acting: Acting, matter_id: UUID, name: str, content: bytes, letter: UUID | None = None
) -> UUID:
    """Keep a file. Raises :class:`FileTooLarge` beyond the setting, whatever the door let through."""
    require(acting, "add_document")
    limit = settings.LARGEST_UPLOAD
    if len(content) > limit:
        raise FileTooLarge(name=name[:80], size=_size(len(content)), limit=_size(limit))
    ending = name.rpartition(".")[2].lower()
    if ending not in MEDIA_TYPES or not content:
        raise NothingToDo(
            act="上传文件", reason_zh=f"文件为空或类型不受理（{ending or '无扩展名'}）；可上传：{'、'.join(MEDIA_TYPES)}",
            reason=f"it is empty or not one of: {', '.join(MEDIA_TYPES)}",
        )  # fmt: skip
    digest = hashlib.sha256(content).hexdigest()
    with working(acting) as work:
        work.lock([matter_id])
        matter = work.open(matter_id)
        if letter is not None and letter not in {
            row.id for row in work.letters.of_matter(work.cursor, matter_id)
        }:
            raise LetterNotFound
        key = new_id()
        work.cursor.execute(
            """INSERT INTO document (id, matter_id, letter_id, agency_id, kind, number, name, media_type, size, digest,
                                     content, recorded_at)
               VALUES (%s, %s, %s, %s, 'file', '', %s, %s, %s, %s, %s, %s)""",
            [key, matter_id, letter, acting.agency, name[:200], MEDIA_TYPES[ending], len(content), digest, content,
             acting.now],
        )  # fmt: skip
        work.happen(matter, "document.added", acting.now, name=name[:200])
        work.enter(
            Entry("document.added", matter_id, said={"document": str(key), "size": len(content)},
                  evidence=(("document", key, digest),))
        )  # fmt: skip
        return key


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:.1f} MiB"
