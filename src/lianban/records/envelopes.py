"""Envelope encryption of identifiers: each value under a data key, each data key under the master key.

AES-256-GCM (NIST SP 800-38D), a random 96-bit nonce a value. The row's id is authenticated with the value,
so a sealed value that is moved to another row does not open. The blind index is HMAC-SHA-256 with a key
derived from the master key (HKDF, RFC 5869): equal identifiers have equal indexes, and without the master
key the space of identity numbers cannot be searched.

The master key is in ``LIANBAN_MASTER_KEY`` (64 hex digits) or in the data folder's file ``master-key``. It is
not in the database and not in its backups: whoever has only the one of the two has nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lianban.engines.errors import OurFault
from lianban.records import server
from lianban.records.identity import new_id

_NONCE = 12


class MasterKeyUnusable(OurFault):
    code = "LB-RECORDS-010"
    zh = "主密钥无法使用：{reason}。请检查环境变量 LIANBAN_MASTER_KEY 或数据目录中的 master-key 文件。"
    en = (
        "The master key cannot be used: {reason}. Check LIANBAN_MASTER_KEY or the file master-key in the"
        " data folder."
    )


class SealBroken(OurFault):
    code = "LB-RECORDS-011"
    zh = "加密的标识无法解开：内容已被改动，或密钥不符。请先执行 lianban ledger verify，再从备份恢复。"
    en = (
        "A sealed identifier does not open: it was changed, or the key is another. Run lianban ledger verify,"
        " then restore from a backup."
    )


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value that only the holder of its data key can read."""

    data_key: UUID
    content: bytes


def master_key() -> bytes:
    given = os.environ.get("LIANBAN_MASTER_KEY")
    return _parsed(given) if given else _kept(server.data_folder() / "master-key")


def _parsed(text: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError as error:
        raise MasterKeyUnusable(reason="it is not hexadecimal") from error
    if len(key) != 32:
        raise MasterKeyUnusable(reason=f"it has {len(key)} bytes instead of 32")
    return key


@lru_cache(maxsize=4)
def _kept(place: Path) -> bytes:
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _parsed(place.read_text("ascii"))
    except OSError as error:
        raise MasterKeyUnusable(reason=f"{place} cannot be made: {error.strerror}") from error
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    return _parsed(place.read_text("ascii"))


def blind_index(kind: str, normalised: str) -> bytes:
    """The keyed hash by which equal identifiers are found. 32 bytes."""
    return hmac.new(
        _derived(master_key(), b"blind index"), f"{kind}:{normalised}".encode(), hashlib.sha256
    ).digest()


def derived_key(purpose: bytes) -> bytes:
    """A key of 32 bytes for one purpose, from the master key: the same every time, and kept nowhere."""
    return _derived(master_key(), purpose)


@lru_cache(maxsize=1024)
def _derived(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"lianban " + purpose).derive(master)


_data_keys: dict[UUID, bytes] = {}


def _data_key(cursor: Any, wanted: UUID) -> bytes:
    if wanted not in _data_keys:
        cursor.execute("SELECT sealed FROM data_key WHERE id = %s", [wanted])
        row = cursor.fetchone()
        if row is None:
            raise SealBroken
        _data_keys[wanted] = _open(_derived(master_key(), b"data keys"), bytes(row[0]), wanted.bytes)
    return _data_keys[wanted]


def current_key(cursor: Any, now: datetime) -> UUID:
    """The data key new values are sealed with; made where there is none."""
    cursor.execute("SELECT id FROM data_key WHERE retired_at IS NULL ORDER BY created_at DESC LIMIT 1")
    if row := cursor.fetchone():
        return UUID(str(row[0]))
    key = new_id()
    sealed = _seal(_derived(master_key(), b"data keys"), secrets.token_bytes(32), key.bytes)
    cursor.execute(
        "INSERT INTO data_key (id, sealed, algorithm, created_at) VALUES (%s, %s, 'AES-256-GCM', %s)",
        [key, sealed, now],
    )
    return key


def seal(cursor: Any, data_key: UUID, value: str, row: UUID) -> Sealed:
    return Sealed(data_key, _seal(_data_key(cursor, data_key), value.encode(), row.bytes))


def unseal(cursor: Any, sealed: Sealed, row: UUID) -> str:
    return _open(_data_key(cursor, sealed.data_key), sealed.content, row.bytes).decode()


def _seal(key: bytes, value: bytes, bound_to: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, value, bound_to)


def _open(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
    except InvalidTag as error:
        raise SealBroken from error
