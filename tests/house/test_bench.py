"""Benchmarks are found by name and run as programs of their own."""

import pytest

from lianban.doors import cli
from lianban.doors.cli import bench


@pytest.fixture
def project(tmp_path, monkeypatch):
    for file, text in {
        "benchmarks/alpha/__init__.py": "",
        "benchmarks/alpha/__main__.py": '"""Alpha beside its peer.\n\nMore."""\nimport sys\nprint("ran", *sys.argv[1:])\n',
        "benchmarks/beta/bench_beta.py": '"""Beta."""\nraise SystemExit(4)\n',
        "packages/lib/benchmarks/bench.py": '"""Lib."""\n',
        "packages/lib/benchmarks/peers.py": "",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    monkeypatch.setattr(bench.server, "project_folder", lambda: tmp_path)
    return tmp_path


def test_bench_list(project, capsys):
    """Without a name the benchmarks are listed with what they say of themselves."""
    assert cli.run(["bench"]) == 0
    assert [line.split(maxsplit=1) for line in capsys.readouterr().out.strip().split("\n")] == [
        ["alpha", "Alpha beside its peer."],
        ["beta", "Beta."],
        ["lib", "Lib."],
    ]


def test_bench_one_with_its_own_options(project, capfd):
    """Options after the name reach the benchmark."""
    assert cli.run(["bench", "alpha", "--count", "3"]) == 0
    assert "ran --count 3" in capfd.readouterr().out


def test_bench_failing_is_seen(project, capfd):
    """A benchmark that fails makes the command fail, after the others have run."""
    assert cli.run(["bench", "all"]) == 1
    captured = capfd.readouterr()
    assert "ran" in captured.out
    assert "beta" in captured.err


def test_bench_unknown(project, capsys):
    """A name that is none gets the names there are."""
    assert cli.run(["bench", "gamma"]) == 2
    assert "alpha, beta, lib" in capsys.readouterr().err
