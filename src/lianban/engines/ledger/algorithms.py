"""Hash algorithms by the name that stands in the data.

Every leaf and every checkpoint names its algorithm, so that a city may change to SM3 (GB/T 32905) one day
and old entries still prove under the algorithm of their own day. To add one, add it here and to the
verifier in ``docs/verify_ledger_proof.py``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from lianban.engines.ledger.errors import UnknownAlgorithm

DEFAULT_HASH = "sha-256"
DEFAULT_SIGNATURE = "ed25519"
HASH_BYTES = 32  # both SHA-256 and SM3 give 32 bytes; proofs rely on it

Hash = Callable[[bytes], bytes]


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


_HASHES: dict[str, Hash] = {"sha-256": _sha256}


def hash_named(name: str) -> Hash:
    """The hash function called ``name`` in the data; :class:`UnknownAlgorithm` if there is none."""
    try:
        return _HASHES[name]
    except KeyError:
        raise UnknownAlgorithm(name=name, known=", ".join(sorted(_HASHES))) from None
