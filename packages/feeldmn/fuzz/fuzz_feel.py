"""Coverage-guided fuzzing with atheris: whatever the text, nothing but the package's own errors.

Usage: `python fuzz/fuzz_feel.py -max_total_time=60` (needs `pip install atheris`). The first byte chooses the
target: an expression, unary tests, or a DMN file around the text.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

try:
    import atheris
except ImportError:
    raise SystemExit("atheris is absent: pip install atheris") from None

with atheris.instrument_imports(include=["feeldmn"]):
    import feeldmn

LIMITS = feeldmn.Limits(steps=5_000, depth=30, text=50_000)
CONTEXT = {
    "a": 1,
    "b": "text",
    "c": [1, 2, {"d": 3}],
    "d": {"e": True, "f g": None},
    "x-y": 2,
}


def one_input(data: bytes) -> None:
    """Try one text."""
    target, text = (data[0] % 4 if data else 0), data[1:].decode("utf-8", "ignore")
    try:
        if target == 0:
            feeldmn.compile_expression(text, names=CONTEXT).evaluate(CONTEXT, limits=LIMITS)
        elif target == 1:
            feeldmn.compile_unary_tests(text, names=CONTEXT).evaluate(1, CONTEXT, limits=LIMITS)
        elif target == 2:
            body = escape("".join(c for c in text if c.isprintable()))
            xml = (
                '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="m">'
                '<decision id="d" name="d"><decisionTable><input><inputExpression><text>1</text></inputExpression>'
                f"</input><output/><rule><inputEntry><text>{body}</text></inputEntry><outputEntry><text>{body}</text>"
                "</outputEntry></rule></decisionTable></decision></definitions>"
            )
            model = feeldmn.read_dmn(xml.encode())
            model.check()
            model.decision("d").evaluate({}, limits=LIMITS)
        else:
            feeldmn.read_dmn(data[1:])
    except feeldmn.FeelDmnError:
        pass


def main() -> None:
    """Fuzz from the seeds, with the words of FEEL as a dictionary."""
    here = Path(__file__).resolve().parent
    with tempfile.TemporaryDirectory() as corpus:
        seeds = (here / "seeds.txt").read_text(encoding="utf-8").splitlines()
        for number, (seed, target) in enumerate((seed, target) for seed in seeds for target in range(3)):
            Path(corpus, str(number)).write_bytes(bytes([target]) + seed.encode())
        options = [f"-dict={here / 'feel.dict'}", "-max_len=300", "-timeout=20", *sys.argv[1:], corpus]
        atheris.Setup([sys.argv[0], *options], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
