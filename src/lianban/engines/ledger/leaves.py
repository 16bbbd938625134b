"""What goes into the tree for one entry: a salted commitment and a public header.

The payload (who did what to whom) never enters the tree itself. The leaf holds only a commitment to it, so
payload and salt can be erased when retention says so, and the leaf still proves that an entry existed then
(DESIGN.md, section 4, ledger). The salt is what stops a guess: without it, an entry of a known shape could
be confirmed by trying every identity number.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.engines.ledger.algorithms import DEFAULT_HASH, HASH_BYTES, hash_named
from lianban.engines.ledger.canonical import canonical, instant_text
from lianban.engines.ledger.errors import BadProof, DoesNotVerify, WrongSalt

SALT_BYTES = 32
LEAF_FORMAT = "lianban-leaf/1"
_DOMAIN = b"lianban-commitment/1\x00"  # keeps a commitment from ever being read as another kind of hash


def new_salt() -> bytes:
    """32 bytes from the operating system's generator, one for each entry."""
    return secrets.token_bytes(SALT_BYTES)


def commit(payload: Mapping[str, Any], salt: bytes, *, algorithm: str = DEFAULT_HASH) -> bytes:
    """The salted commitment H(domain ‖ salt ‖ canonical payload), 32 bytes.

    Hides the payload while the salt is secret (salt of 256 bits) and binds to it always. The salt has a
    fixed length, so no two pairs of salt and payload give the same input. Raises :class:`NotCanonical` or
    :class:`WrongSalt`.
    """
    return commit_canonical(canonical(payload), salt, algorithm=algorithm)


def commit_canonical(payload: bytes, salt: bytes, *, algorithm: str = DEFAULT_HASH) -> bytes:
    """:func:`commit` for a payload that :func:`canonical` has just written: in bulk, writing it twice costs most."""
    if len(salt) != SALT_BYTES:
        raise WrongSalt(expected=SALT_BYTES, length=len(salt))
    return hash_named(algorithm)(_DOMAIN + salt + payload)


@dataclass(frozen=True, slots=True)
class Leaf:
    """The public header of one entry: all that the tree knows of it.

    ``recorded_at`` is aware and keeps its microseconds; ``algorithm`` names the hash of commitment and tree.
    """

    entry: UUID
    recorded_at: datetime
    commitment: bytes
    algorithm: str = DEFAULT_HASH

    def __post_init__(self) -> None:
        if len(self.commitment) != HASH_BYTES:
            raise BadProof(
                field="commitment", problem=f"{len(self.commitment)} bytes instead of {HASH_BYTES}"
            )

    def as_dict(self) -> dict[str, str]:
        """The header as it is hashed and as it stands in a proof."""
        return {
            "algorithm": self.algorithm,
            "commitment": self.commitment.hex(),
            "entry": str(self.entry),
            "format": LEAF_FORMAT,
            "recorded_at": instant_text(self.recorded_at),
        }

    def hash(self) -> bytes:
        """The leaf's hash in the tree, of the canonical JSON of :meth:`as_dict`."""
        return leaf_hash(canonical(self.as_dict()), algorithm=self.algorithm)

    def check(self, payload: Mapping[str, Any], salt: bytes) -> None:
        """Raise :class:`DoesNotVerify` unless this leaf commits to ``payload`` under ``salt``."""
        actual = commit(payload, salt, algorithm=self.algorithm)
        if actual != self.commitment:
            raise DoesNotVerify(
                what=f"payload of entry {self.entry}", expected=self.commitment.hex(), actual=actual.hex()
            )


def leaf_hash(data: bytes, *, algorithm: str = DEFAULT_HASH) -> bytes:
    """H(0x00 ‖ data): the hash of a leaf (RFC 9162, section 2.1.1)."""
    return hash_named(algorithm)(b"\x00" + data)


def node_hash(left: bytes, right: bytes, *, algorithm: str = DEFAULT_HASH) -> bytes:
    """H(0x01 ‖ left ‖ right): the hash of an inner node (RFC 9162, section 2.1.1)."""
    return hash_named(algorithm)(b"\x01" + left + right)
