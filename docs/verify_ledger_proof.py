"""Check a Lianban ledger proof: python verify_ledger_proof.py proof.json [--key HEX]

核验联办存证证明。Python 3.11 standard library only; shares no code with Lianban. Without --key it shows
that the file agrees with the key inside it; with the published key it also shows whose ledger it is.
"""

# fmt: off
import argparse, base64, hashlib, json, pathlib, re, sys  # noqa: E401, I001

sha = lambda data: hashlib.sha256(data).digest()  # noqa: E731
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # field and group order of Ed25519
D, ROOT = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)

def need(true, reason):
    if not true:
        raise ValueError(reason)

def point(raw):  # RFC 8032, section 5.1.3
    y = int.from_bytes(raw, "little") & (1 << 255) - 1
    u, v = y * y - 1, D * y * y + 1
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    x = x if (v * x * x - u) % P == 0 else x * ROOT % P
    need(y < P and (v * x * x - u) % P == 0 and (x or not raw[31] >> 7), "not a point of the curve")
    x = x if x & 1 == raw[31] >> 7 else P - x
    return x, y, 1, x * y % P

def add(p, q):  # RFC 8032, section 5.1.4
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * D * p[3] * q[3], 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(n, p):
    total = (0, 1, 1, 0)
    for bit in f"{n:b}":
        total = add(add(total, total), p) if bit == "1" else add(total, total)
    return total

def signed(public, message, signature):  # RFC 8032, section 5.1.7
    base = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L
    left, right = times(s, base), add(point(r), times(h, point(public)))
    return s < L and all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))

def canonical(value):  # RFC 8785 without floats
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    need(value is None or isinstance(value, (str, int)), "a number that is no integer")
    return json.dumps(value, ensure_ascii=False)

def unique(pairs):
    need(len(dict(pairs)) == len(pairs), "the same key twice in one object")
    return dict(pairs)

def check(proof, key):
    leaf, note, index, public = proof["leaf"], proof["checkpoint"], proof["index"], proof["public_key"]
    need((proof["format"], leaf["format"]) == ("lianban-proof/1", "lianban-leaf/1"), "unknown format")
    need(key is None or key.lower() == public, f"public key {public} is not the one you trust")
    shape = (r"((\S+)\n(0|[1-9]\d{0,17})\n([A-Za-z0-9+/]{43}=)\nhash (\S+)\nsignature (\S+)\nsigned_at (\S+)\n)"
             r"\n\u2014 (\S+) ([A-Za-z0-9+/]{91}=)\n")
    need(found := re.fullmatch(shape, note, re.ASCII), "checkpoint is not a signed note")
    text, origin, size, root, hashed, signature, signed_at, name, blob = found.groups()
    need((hashed, leaf["algorithm"], signature) == ("sha-256", "sha-256", "ed25519"), "unknown algorithm")
    size, root, raw, blob = int(size), base64.b64decode(root), bytes.fromhex(public), base64.b64decode(blob)
    key_id = sha(origin.encode() + b"\n\x01" + raw)[:4]
    need(name == origin and blob[:4] == key_id, "checkpoint names another key")
    need(len(raw) == 32 and signed(raw, text.encode(), blob[4:]), "signature of the checkpoint is wrong")
    need((proof["payload"] is None) == (proof["salt"] is None), "payload and salt belong together")
    if proof["payload"] is not None:
        salted = b"lianban-commitment/1\x00" + bytes.fromhex(proof["salt"]) + canonical(proof["payload"]).encode()
        need(len(proof["salt"]) == 64 and sha(salted).hex() == leaf["commitment"], "payload or salt was changed")
    need(type(index) is int and 0 <= index < size, "index lies outside the tree")  # then RFC 9162, section 2.1.3.2
    node, place, last = sha(b"\x00" + canonical(leaf).encode()), index, size - 1
    for step in map(bytes.fromhex, proof["path"]):
        need(last > 0 and len(step) == 32, "path has the wrong length")
        node = sha(b"\x01" + step + node) if place & 1 or place == last else sha(b"\x01" + node + step)
        while place == last and not place & 1 and place:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    need(last == 0 and node == root, "path does not lead to the signed root: leaf, index or path was changed")
    return leaf, index, size, origin, signed_at

if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("proof")
    options.add_argument("--key", help="the published public key, 64 hex digits")
    options = options.parse_args()
    try:
        proof = json.loads(pathlib.Path(options.proof).read_bytes().decode(), object_pairs_hook=unique)
        leaf, index, size, origin, signed_at = check(proof, options.key)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        sys.exit(f"NOT PROVED 核验不通过: {type(error).__name__}: {error}")
    shown = "erased or withheld 已删除或不公开" if proof["payload"] is None else canonical(proof["payload"])
    whose = "the one you gave 与所给一致" if options.key else "NOT compared 未比对 (give --key with the published one)"
    print(f"PROVED 核验通过: entry {leaf['entry']}, recorded {leaf['recorded_at']}, is leaf {index} of {size}")
    print(f"in ledger {origin} as signed at {signed_at}\nPayload 内容: {shown}\nKey 公钥: {proof['public_key']} {whose}")
