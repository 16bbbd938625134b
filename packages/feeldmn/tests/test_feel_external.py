"""Foreign functions: bound by the host, and Python counterparts of Java's."""

from __future__ import annotations

from decimal import Decimal

import pytest

from feeldmn import compile_expression
from feeldmn.java import JAVA_LANG


def java(owner, signature, *arguments):
    """Call a foreign function."""
    names = ", ".join(f"a{number}" for number in range(len(arguments)))
    source = (
        f'(function({names}) external {{java: {{class: "{owner}", method signature: "{signature}"}}}})'
        f"({', '.join(arguments)})"
    )
    return compile_expression(source).evaluate(externals=JAVA_LANG)


@pytest.mark.parametrize(
    ("owner", "signature", "arguments", "value"),
    [
        ("java.lang.Math", "max(int, int)", ["1", "2"], 2),
        ("java.lang.Math", "abs(double)", ["-1.5"], Decimal("1.5")),
        ("java.lang.Math", "round(double)", ["-2.5"], -2),
        ("java.lang.Math", "floor(double)", ["-2.5"], -3),
        ("java.lang.Math", "signum(double)", ["-2.5"], -1),
        ("java.lang.Math", "max(float, float)", ["1", "456.78"], Decimal("456.78")),
        ("java.lang.Integer", "valueOf(java.lang.String)", ['"12"'], 12),
        ("java.lang.Double", "parseDouble(java.lang.String)", ['"1.5"'], Decimal("1.5")),
        ("java.lang.String", "valueOf(boolean)", ["true"], "true"),
        ("java.lang.String", "format(java.lang.String, [Ljava.lang.Object;)", ['"%s-%05.1f-%d%%%n"', '"a"', "2.25", "7"], "a-002.2-7%\n"),
        ("java.lang.String", "format(java.lang.String, java.lang.Object...)", ['"[%-4s|%4s]"', '"a"', '"b"'], "[a   |   b]"),
    ],
)  # fmt: skip
def test_counterpart(owner, signature, arguments, value):
    """The counterparts convert arguments as Java does and give what Java gives."""
    assert java(owner, signature, *arguments).value == value


@pytest.mark.parametrize(
    ("owner", "signature", "arguments"),
    [
        ("java.lang.Math", "max(int, int)", ["1.5", "2"]),
        ("java.lang.Math", "max(int, int)", ["9999999999", "2"]),
        ("java.lang.Math", "max(double, double)", ['"1"', "2"]),
        ("java.lang.Math", "sqrt(double)", ["-1"]),
        ("java.lang.Math", "pow(double, double)", ["10", "5000"]),
        ("java.lang.Integer", "valueOf(java.lang.String)", ['"x"']),
        ("java.lang.Short", "valueOf(java.lang.String)", ['"99999"']),
        ("java.lang.String", "valueOf(char)", ['"ab"']),
        ("java.lang.String", "valueOf(boolean)", ["1"]),
        ("java.lang.String", "format(java.lang.String, [Ljava.lang.Object;)", ['"%s %s"', '"a"']),
        ("java.lang.Runtime", "exec(java.lang.String)", ['"x"']),
        ("java.lang.Math", "max(java.io.File)", ["1"]),
    ],
)
def test_what_java_would_refuse_is_null_with_a_reason(owner, signature, arguments):
    """Arguments that do not fit, and functions that are not bound, are null."""
    evaluation = java(owner, signature, *arguments)
    assert evaluation.value is None
    assert [found.code for found in evaluation.diagnostics] == ["feel.external"]


def test_host_binds_its_own():
    """Any Python function can be bound, PMML models as well; it takes and gives plain Python."""
    source = 'function(income) external {pmml: {document: "score.pmml", model: "score(income)"}}'
    bound = {"pmml:score.pmml#score(income)": lambda income: {"score": income / 2}}
    assert compile_expression(f"({source})(10).score").evaluate(externals=bound).value == 5


def test_bindings_can_be_listed():
    """The mapping tells what it binds."""
    assert "java:java.lang.Math#max" in set(JAVA_LANG)
    assert len(JAVA_LANG) > 30
