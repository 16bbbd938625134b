"""Benchmarks are found by name and run as programs of their own."""

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lianban.doors import cli
from lianban.doors.cli import bench

PROJECT = Path(__file__).parents[2]
ROWS = """
from benchmarks.table import BenchRow, NotHere, WrongResult

def rows(full):
    print("at work")
    {what}
"""


@pytest.fixture
def table():
    """``benchmarks/table.py`` of this checkout."""
    spec = importlib.util.spec_from_file_location("bench_table", PROJECT / "benchmarks" / "table.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_table"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path, monkeypatch):
    for file, text in {
        "benchmarks/alpha/__init__.py": "",
        "benchmarks/alpha/__main__.py": '"""Alpha beside its peer.\n\nMore."""\nimport sys\nprint("ran", *sys.argv[1:])\n',
        "benchmarks/beta/bench_beta.py": '"""Beta."""\nraise SystemExit(4)\n',
        "benchmarks/gamma/__init__.py": '"""Gamma in the table."""\n'
        + ROWS.format(
            what='return [BenchRow("Gamma", "FULL" if full else "small", "peer: 2/s", "6/s", 3.0, "≥ 2×", True)]'
        ),
        "packages/lib/benchmarks/bench.py": '"""Lib."""\n',
        "packages/lib/benchmarks/peers.py": "",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
    shutil.copy(PROJECT / "benchmarks" / "table.py", tmp_path / "benchmarks" / "table.py")
    monkeypatch.setattr(bench.server, "project_folder", lambda: tmp_path)
    return tmp_path


def test_bench_list(project, capsys):
    """Without a name the benchmarks are listed with what they say of themselves."""
    assert cli.run(["bench"]) == 0
    assert [line.split(maxsplit=1) for line in capsys.readouterr().out.strip().split("\n")] == [
        ["alpha", "Alpha beside its peer."],
        ["beta", "Beta."],
        ["gamma", "Gamma in the table."],
        ["lib", "Lib."],
    ]


def test_bench_one_with_its_own_options(project, capfd):
    """Options after the name reach the benchmark."""
    assert cli.run(["bench", "alpha", "--count", "3"]) == 0
    assert "ran --count 3" in capfd.readouterr().out


def test_bench_failing_is_seen(project, capfd):
    """A benchmark that fails makes the command fail and is named."""
    assert cli.run(["bench", "beta"]) == 1
    assert "beta" in capfd.readouterr().err


def test_bench_unknown(project, capsys):
    """A name that is none gets the names there are."""
    assert cli.run(["bench", "delta"]) == 2
    assert "alpha, beta, gamma, lib" in capsys.readouterr().err


def test_bench_table(project, capfd, monkeypatch):
    """All benchmarks with rows make one table, with the machine below it; what they print while at work is kept out of it."""
    monkeypatch.setenv("FULL", "0")
    assert cli.run(["bench", "all"]) == 0
    captured = capfd.readouterr()
    row = next(line for line in captured.out.splitlines() if line.startswith("Gamma"))
    assert row.split("  ")[0] == "Gamma"
    for cell in ("small", "peer: 2/s", "6/s", "3.00×", "≥ 2× ✓"):
        assert cell in row
    assert "machine: " in captured.out and " cores" in captured.out
    assert "at work" in captured.err and "at work" not in captured.out


def test_bench_table_full(project, capfd, monkeypatch):
    """FULL=1 reaches the benchmark, and the table says so."""
    monkeypatch.setenv("FULL", "1")
    assert cli.run(["bench", "gamma"]) == 0
    assert "FULL" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("what", "code", "said"),
    [
        ('raise WrongResult("one letter lost")', 1, "wrong result: one letter lost"),
        ('raise NotHere("no data")', 0, "not measured: delta: no data"),
        ("raise ZeroDivisionError", 1, "FAILED: delta: ended with 1"),
    ],
)
def test_bench_table_without_a_figure(project, what, code, said):
    """A wrong result and a crash fail the run after the others were measured; what is absent is told and fails nothing."""
    (project / "benchmarks" / "delta").mkdir()
    (project / "benchmarks" / "delta" / "__init__.py").write_text(ROWS.format(what=what), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.table", "--json", str(project / "table.json")],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert "Gamma" in done.stdout
    kept = json.loads((project / "table.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in kept["benchmarks"]] == ["delta", "gamma"]
    assert kept["machine"]


def test_table_wraps_and_aligns(table):
    """Long cells go on in the next line; a Chinese character takes two columns."""
    row = table.BenchRow("函件", "a datum of many words " * 6, "", "1/s", 0.5, "≤ 0.4×", False)
    lines = table.printed([row], "here").splitlines()
    assert lines[2].startswith("函件" + " " * (table.WIDTHS["what"] - 4))
    assert "0.50×" in lines[2] and "✗ missed" in "".join(lines[2:4])
    assert max(map(table.width, lines)) <= sum(table.WIDTHS.values()) + 2 * (len(table.WIDTHS) - 1)
    assert len(lines) > 5


def test_table_knows_every_benchmark(table):
    """Every package of benchmarks has rows, and its place in the table is chosen."""
    assert set(table.known()) <= set(table.ORDER)
    assert {"kernel", "spiff", "storage", "inbox", "migration", "timers", "letters"} <= set(table.known())
