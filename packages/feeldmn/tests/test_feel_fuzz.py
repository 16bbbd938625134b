"""Whatever is written: a value, or one of the package's own errors, within the bounds."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeldmn import FeelDmnError, LimitExceeded, Limits, compile_expression, compile_unary_tests, read_dmn
from feeldmn.builtins import BUILT_INS

PACKAGE = Path(__file__).resolve().parent.parent
LIMITS = Limits(steps=3_000, depth=20, text=20_000)
CONTEXT = {"a": 1, "b": "text", "c": [1, 2, {"d": 3}], "d": {"e": True, "f g": None}, "x-y": 2}
SIGNS = (
    '1 0 - 2.5e3 "t" true null a b c d x-y ? item partial + * ** / = != < >= ( ) [ ] { } : , . .. -> // /* */'
)
KEYWORDS = "and or in between if then else for return some every satisfies function external number list< >"
MOMENTS = '@"P1Y" @"-PT1H" @"2024-02-29" @"999999999-12-31" @"10:00:00Z" @"2024-02-29T10:00:00@Asia/Shanghai"'
WORDS = st.sampled_from(
    [*SIGNS.split(), *KEYWORDS.split(), *MOMENTS.split(), "f g", "instance of", "\n", *BUILT_INS]
)


def evaluate(text):
    """Try a text as an expression and as unary tests."""
    described: list[str] = []
    for attempt in (
        lambda: compile_expression(text, names=CONTEXT).evaluate(CONTEXT, limits=LIMITS).value,
        lambda: compile_unary_tests(text, names=CONTEXT).evaluate(1, CONTEXT, limits=LIMITS).value,
    ):
        try:
            attempt()
        except FeelDmnError as error:
            described.append(str(error))
    assert all(described)


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=30))
def test_words_of_feel_in_any_order(words):
    """Sequences of FEEL's own words never break the parser or the evaluator."""
    evaluate(" ".join(words))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text):
    """Nor does any other text."""
    evaluate(text)


def _grown(inner):
    """Expressions built of smaller ones, so that most of them are valid."""
    binary = st.sampled_from(["+", "-", "*", "/", "**", "=", "<", ">=", "and", "or", "in"])
    return st.one_of(
        st.builds("({} {} {})".format, inner, binary, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{{k: {}, m: {}}}".format, inner, inner),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("{}.{}".format, inner, st.sampled_from(["k", "year", "days", "end", "d"])),
        st.builds("(if {} then {} else {})".format, inner, inner, inner),
        st.builds("(for i in {} return {})".format, inner, inner),
        st.builds("(some i in {} satisfies {})".format, inner, inner),
        st.builds("(function(n) {})({})".format, inner, inner),
        st.builds("{}({})".format, st.sampled_from(sorted(BUILT_INS)), inner),
        st.builds("{}({}, {})".format, st.sampled_from(sorted(BUILT_INS)), inner, inner),
        st.builds("[{}..{}]".format, inner, inner),
    )


SIMPLE = '1 -2.5 "text" "2024-02-29" true null a b c d i n item 9999999999e6100 -1e6000 1e-6000 [] {}'
LEAVES = st.sampled_from([*SIMPLE.split(), *MOMENTS.split()])


@settings(max_examples=600, deadline=None)
@given(st.recursive(LEAVES, _grown, max_leaves=8))
def test_any_valid_expression(text):
    """Operators and functions on values of every kind give a value, or null with a reason."""
    expression = compile_expression(text, names=CONTEXT)
    try:
        evaluation = expression.evaluate(CONTEXT, limits=LIMITS)
    except LimitExceeded:
        return
    assert evaluation.value == compile_expression(text, names=CONTEXT).evaluate(CONTEXT, limits=LIMITS).value


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_as_a_file(content):
    """A file of any bytes is read or refused."""
    try:
        read_dmn(content)
    except FeelDmnError:
        pass


def test_fuzzer_runs_for_a_moment(tmp_path):
    """The coverage-guided harness works; a longer run is `make fuzz`."""
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is absent: pip install atheris")
    done = subprocess.run(
        [
            sys.executable,
            str(PACKAGE / "fuzz" / "fuzz_feel.py"),
            "-runs=1500",
            f"-artifact_prefix={tmp_path}/",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
