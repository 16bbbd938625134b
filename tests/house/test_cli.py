"""The command line: fast where nothing is needed, one shape of error, the reader's language."""

import importlib
import json
import subprocess
import sys

import pytest

from lianban.doors import cli
from lianban.doors.cli import commands, speaking
from lianban.engines.errors import OurFault, YourMistake


@pytest.fixture(autouse=True)
def chinese_terminal(monkeypatch):
    for name in ("LIANBAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def failing(monkeypatch):
    """Makes ``lianban failing`` a command that raises the given error."""

    def make(error):
        import types

        import typer

        module = types.ModuleType("failing_command")
        module.app = typer.Typer()

        @module.app.command()
        def failing(as_json: bool = typer.Option(False, "--json")) -> None:
            raise error

        monkeypatch.setitem(sys.modules, "failing_command", module)
        monkeypatch.setitem(cli.COMMANDS, "failing", commands.Command("failing_command", "坏", "bad"))

    return make


class Mistake(YourMistake):
    code = "LB-TEST-001"
    zh = "没有“{name}”。"
    en = 'There is no "{name}".'


class Fault(OurFault):
    code = "LB-TEST-002"
    zh = "坏了。"
    en = "Broken."


@pytest.mark.parametrize("name", sorted(commands.COMMANDS))
def test_cli_every_command_of_the_table_exists(name, capsys):
    """Each line of the table leads to a command that explains itself."""
    module = importlib.import_module(commands.COMMANDS[name].module)
    assert module.app
    assert cli.run([name, "--help"]) == 0
    assert f"lianban {name}" in capsys.readouterr().out


def test_cli_help_imports_nothing_heavy():
    """The list of commands needs neither Django nor typer nor the database driver, so it comes at once."""
    code = (
        "import sys; from lianban.doors import cli; cli.run(['--help']);"
        "print([name for name in ('django', 'typer', 'psycopg', 'lianban.records') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip().endswith("[]")
    assert "backup" in said


def test_cli_unknown_command(capsys):
    """A word that is no command is the caller's mistake, and the commands are listed."""
    assert cli.run(["nope"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "没有命令“nope”" in captured.err
    assert "LB-CLI-001" in captured.err


def test_cli_wrong_option(capsys):
    """A wrong option of a command is the caller's mistake as well."""
    assert cli.run(["database", "status", "--nope"]) == 2
    assert "--nope" in capsys.readouterr().err


@pytest.mark.parametrize(("error", "code"), [(Mistake(name="甲"), 2), (Fault(), 3)])
def test_cli_error_of_the_family(failing, capsys, error, code):
    """The sentence goes to standard error with its code; the exit code says whose mistake it was."""
    failing(error)
    assert cli.run(["failing"]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.strip() == f"{error.text('zh')}（{error.code}）"


def test_cli_error_in_english(failing, capsys, monkeypatch):
    """An English terminal gets the English sentence."""
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    failing(Mistake(name="A"))
    assert cli.run(["failing"]) == 2
    assert capsys.readouterr().err.strip() == 'There is no "A". (LB-TEST-001)'


def test_cli_error_as_json(failing, capsys):
    """With --json the one error shape goes to standard output, in both languages."""
    failing(Mistake(name="甲"))
    assert cli.run(["failing", "--json"]) == 2
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {
        "error": {
            "code": "LB-TEST-001",
            "message": {"zh": "没有“甲”。", "en": 'There is no "甲".'},
            "found": {"name": "甲"},
        }
    }
    assert captured.err == ""


def test_cli_error_outside_the_family(failing, capsys):
    """A fault nobody foresaw shows its traceback and is called ours."""
    failing(ZeroDivisionError("division by zero"))
    assert cli.run(["failing"]) == 3
    captured = capsys.readouterr()
    assert "ZeroDivisionError" in captured.err
    assert "联办自身的错误" in captured.err


def test_cli_ctrl_c(failing):
    """Ctrl-C ends with the code that shells know."""
    failing(KeyboardInterrupt())
    assert cli.run(["failing"]) == 130


@pytest.mark.parametrize(
    ("variables", "english"),
    [
        ({}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "zh_CN.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, False),
        ({"LANG": "zh_CN.UTF-8", "LIANBAN_LANG": "en"}, True),
    ],
)
def test_cli_language(variables, english, monkeypatch):
    """Chinese unless the terminal says English; LIANBAN_LANG decides before all."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert speaking.english() is english


def test_cli_terminal_without_utf8():
    """A terminal that cannot show Chinese gets question marks, not a traceback."""
    done = subprocess.run(
        [sys.executable, "-c", "from lianban.doors.cli.speaking import say; say('联办', 'Lianban')"],
        env={"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "??", "")


def test_cli_health_of_what_does_not_run(own_data_folder, monkeypatch, capsys):
    """Health finds that nothing runs, says so to a program, and starts nothing."""
    monkeypatch.setenv("LIANBAN_DATA_FOLDER", str(own_data_folder))
    assert cli.run(["health", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["well"] is False
    assert said["checks"]["database"]["well"] is False
    assert said["checks"]["disk"]["free_mib"] > 0
    assert not (own_data_folder / "postgres").exists()


def test_cli_health_of_what_runs(template_database, database_server, monkeypatch, capsys):
    """Health of a running, migrated database is good, and names a migration that is missing."""
    from lianban.doors.cli import health
    from lianban.records.server import addresses

    monkeypatch.setattr(addresses, "DATABASE", template_database)
    assert cli.run(["health", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["checks"]["database"]["migrations_missing"] == []
    monkeypatch.setattr(addresses, "DATABASE", "lianban")  # the tests' server has it, empty
    assert cli.run(["health", "--json"]) == 1
    assert "0001_initial" in json.loads(capsys.readouterr().out)["checks"]["database"]["migrations_missing"]
    assert health.app


def test_cli_health_names_a_worker_that_is_behind(city, monkeypatch, capsys):
    """What is due waits longer than the bound: health is not well, and says what to do in both languages."""
    from lianban.records.server import addresses

    monkeypatch.setattr(addresses, "DATABASE", city.database)
    city.send(city.open(("police",)))
    city.sequence()
    city.superuser.execute("UPDATE timer SET due_at = now() + interval '1 day'; DELETE FROM ledger_pending")
    assert cli.run(["health", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["checks"]["worker"]["well"] is True
    city.superuser.execute("INSERT INTO ledger_pending (entry, recorded_at) SELECT id, now() - interval '1 hour'"
                           " FROM ledger_entry LIMIT 1")  # fmt: skip
    for language, words in (("zh", "再启动一个"), ("en", "start another")):
        monkeypatch.setenv("LIANBAN_LANG", language)
        assert cli.run(["health", "--json"]) == 1
        worker = json.loads(capsys.readouterr().out)["checks"]["worker"]
        assert worker["well"] is False
        assert 3600 <= worker["ledger_oldest_waiting_seconds"] < 3700
        assert "lianban jobs" in worker["todo"]
        assert words in worker["todo"]


def test_cli_health_of_a_page_that_does_not_answer(capsys):
    """A web address that nobody serves is found unwell, not raised."""
    assert cli.run(["health", "--json", "--url", "http://127.0.0.1:9/health"]) == 1
    assert json.loads(capsys.readouterr().out)["checks"]["web"]["well"] is False


def test_cli_doctor_names_each_look(capsys, own_data_folder, monkeypatch):
    """The doctor looks at everything, in both languages, and makes nothing."""
    monkeypatch.setenv("LIANBAN_DATA_FOLDER", str(own_data_folder))
    code = cli.run(["doctor", "--json"])
    findings = json.loads(capsys.readouterr().out)
    assert [finding["look"] for finding in findings] == [
        "python",
        "disk",
        "database",
        "parts",
        "fonts",
        "chromium",
        "data",
    ]
    assert code == (1 if any(finding["grade"] == "broken" for finding in findings) else 0)
    assert all(finding["message"]["zh"] and finding["message"]["en"] for finding in findings)
    assert not (own_data_folder / "postgres").exists()


def test_cli_messages_compile(tmp_path):
    """A catalogue is compiled when it changed, and only then; a broken one names its file."""
    import gettext
    import os

    from lianban.doors.cli import messages

    folder = tmp_path / "web" / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "函"\nmsgstr "Letter"\n'
    )
    assert messages.compile_all(tmp_path) == 1
    with (folder / "django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("函") == "Letter"
    assert messages.compile_all(tmp_path) == 0
    source.write_text('msgid "函"\nmsgtsr "Letter"\n')
    os.utime(source, ns=((folder / "django.mo").stat().st_mtime_ns + 10**9,) * 2)
    with pytest.raises(messages.CatalogueBroken, match=r"django\.po"):
        messages.compile_all(tmp_path)
