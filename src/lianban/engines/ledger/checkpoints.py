"""Signed checkpoints: "on this day the tree had this size and this root", signed by the city's key.

The text is a signed note as transparency logs use it (C2SP ``tlog-checkpoint`` and ``signed-note``): origin,
size, root in base64, then extension lines, an empty line and one signature line::

    court.example/ledger
    8661
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
    hash sha-256
    signature ed25519
    signed_at 2026-11-24T08:00:00.000000Z

    — court.example/ledger Az3grlgt…

The extension lines name the algorithms, so that SM3 and SM2 may follow without a new format.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lianban.engines.ledger.algorithms import DEFAULT_HASH, DEFAULT_SIGNATURE, HASH_BYTES, hash_named
from lianban.engines.ledger.canonical import instant_text
from lianban.engines.ledger.errors import BadCheckpoint, DoesNotVerify, UnknownAlgorithm

_DASH = "\u2014 "
_TYPE = b"\x01"  # signed-note's signature type of Ed25519


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """The public half: ``name`` is the origin it signs for, ``public`` 32 bytes of Ed25519."""

    name: str
    public: bytes

    def key_id(self) -> bytes:
        """Four bytes that tell keys apart: SHA-256(name ‖ newline ‖ 0x01 ‖ public), cut (signed-note)."""
        return hashlib.sha256(self.name.encode() + b"\n" + _TYPE + self.public).digest()[:4]


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """The secret half: ``seed`` is the 32 secret bytes of Ed25519 (RFC 8032). Its repr shows no secret."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        return f"SigningKey(name={self.name!r})"

    def verifying_key(self) -> VerifyingKey:
        """The key to publish."""
        secret = Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifyingKey(self.name, secret.public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of the tree at one instant, before or after signing."""

    origin: str
    size: int
    root: bytes
    signed_at: datetime
    algorithm: str = DEFAULT_HASH
    signature: str = DEFAULT_SIGNATURE

    def text(self) -> str:
        """What is signed: every line ends with a newline."""
        return (
            f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"
            f"hash {self.algorithm}\nsignature {self.signature}\nsigned_at {instant_text(self.signed_at)}\n"
        )


def sign(checkpoint: Checkpoint, key: SigningKey) -> str:
    """The signed note. The key's name is the checkpoint's origin; anything else is refused."""
    if checkpoint.origin != key.name or not key.name or any(c.isspace() or c == "+" for c in key.name):
        raise BadCheckpoint(line=1, problem="origin is not the key's name", value=checkpoint.origin)
    text = checkpoint.text()
    signature = Ed25519PrivateKey.from_private_bytes(key.seed).sign(text.encode())
    blob = base64.b64encode(key.verifying_key().key_id() + signature).decode()
    return f"{text}\n{_DASH}{key.name} {blob}\n"


def read(note: str) -> Checkpoint:
    """The checkpoint in a signed note, its signature not yet checked; :class:`BadCheckpoint` if malformed."""
    return _parse(note)[0]


def verify(note: str, key: VerifyingKey) -> Checkpoint:
    """The checkpoint in ``note`` if ``key`` signed it.

    Raises :class:`BadCheckpoint` for a malformed text, :class:`DoesNotVerify` for a wrong key or signature.
    """
    checkpoint, text, name, blob = _parse(note)
    if name != key.name or blob[:4] != key.key_id():
        raise DoesNotVerify(
            what="key of the checkpoint",
            expected=f"{key.name} {key.key_id().hex()}",
            actual=f"{name} {blob[:4].hex()}",
        )
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(blob[4:], text.encode())
    except (InvalidSignature, ValueError):
        raise DoesNotVerify(
            what="signature of the checkpoint",
            expected=f"a signature by {key.public.hex()}",
            actual=blob[4:].hex(),
        ) from None
    return checkpoint


def _parse(note: str) -> tuple[Checkpoint, str, str, bytes]:
    text, blank, signatures = note.partition("\n\n")
    lines = text.split("\n")
    if not blank or len(lines) != 6:
        raise BadCheckpoint(
            line=len(lines), problem="six lines, an empty one and a signature belong here", value=text[-40:]
        )
    origin, size, root, hash_line, signature_line, at_line = lines
    if not re.fullmatch("0|[1-9][0-9]{0,17}", size):
        raise BadCheckpoint(line=2, problem="size is not a plain number", value=size)
    algorithm = _after(hash_line, "hash ", 4)
    hash_named(algorithm)
    if (signature := _after(signature_line, "signature ", 5)) != DEFAULT_SIGNATURE:
        raise UnknownAlgorithm(name=signature, known=DEFAULT_SIGNATURE)
    stamp = _after(at_line, "signed_at ", 6)
    try:
        signed_at = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        raise BadCheckpoint(line=6, problem="no instant in UTC", value=stamp) from None
    checkpoint = Checkpoint(origin, int(size), _base64(root, 3, HASH_BYTES), signed_at, algorithm, signature)
    line = signatures.removesuffix("\n")
    name, space, blob = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or "\n" in line:
        raise BadCheckpoint(line=8, problem="no single signature line", value=line[:40])
    if checkpoint.text() != text + "\n":
        raise BadCheckpoint(line=6, problem="not the canonical text", value=stamp)
    return checkpoint, text + "\n", name, _base64(blob, 8, 4 + 64)


def _after(line: str, word: str, number: int) -> str:
    if not line.startswith(word):
        raise BadCheckpoint(line=number, problem=f'does not start with "{word.strip()}"', value=line)
    return line.removeprefix(word)


def _base64(text: str, number: int, length: int) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadCheckpoint(line=number, problem="no base64", value=text[:40]) from None
    if len(value) != length or base64.b64encode(value).decode() != text:
        raise BadCheckpoint(line=number, problem=f"not {length} bytes in base64", value=text[:40])
    return value
