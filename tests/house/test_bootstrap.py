"""The set-up of a bare machine: pinned, hashed, without addresses, quick the second time."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = sorted((PROJECT / "requirements").glob("*.txt"))


@pytest.fixture
def bootstrap(monkeypatch):
    spec = importlib.util.spec_from_file_location("bootstrap", PROJECT / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module.time, "sleep", lambda seconds: None)
    return module


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", lock.read_text(), re.M))


def name_of(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9._-]+", requirement).group().lower().replace("_", "-").replace(".", "-")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_bootstrap_lock_is_hashed_and_names_no_registry(lock):
    """Every package has one exact version and at least one SHA-256; no line names an address or an option."""
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=sha256:", ""), re.M)
    entries = re.split(r"\n(?=\S)", text.strip())
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_bootstrap_lock_agrees_with_what_is_declared():
    """Every declared dependency is pinned, and the locks never disagree on a version."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    library = tomllib.loads((PROJECT / "packages" / "feeldmn" / "pyproject.toml").read_text())
    run = pins(PROJECT / "requirements" / "run.txt")
    declared = (
        project["project"]["dependencies"]
        + library["project"]["dependencies"]
        + project["build-system"]["requires"]
    )
    for group, wanted in (("run", declared), *project["dependency-groups"].items()):
        pinned = {name_of(name) for name in pins(PROJECT / "requirements" / f"{group}.txt")}
        missing = {name_of(name) for name in wanted} - pinned - {"feeldmn"}
        assert not missing, f"{group}: run `make lock` for {missing}"
    for other in ("test", "check", "bench"):
        for name, version in pins(PROJECT / "requirements" / f"{other}.txt").items():
            assert run.get(name, version) == version


def test_bootstrap_is_readable_by_an_old_python():
    """A Python that is too old gets our sentence and not a syntax error, so the file keeps to old syntax."""
    tree = ast.parse((PROJECT / "bootstrap.py").read_text(), feature_version=(3, 6))
    names = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert names <= set(sys.stdlib_module_names)


def test_bootstrap_too_old_python_is_told(bootstrap, monkeypatch, capsys):
    """Without a newer Python on the path, the found and the needed version are named, and the way to choose."""
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    monkeypatch.setattr(bootstrap, "OLDEST", (9, 9))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    with pytest.raises(SystemExit) as leaving:
        bootstrap.main()
    assert leaving.value.code == 2
    assert "Python 3.11 or newer is needed" in capsys.readouterr().out


def test_bootstrap_leaves_other_folders_alone(tmp_path):
    """A folder that is no environment is not cleared, and the message says so."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("important")
    done = subprocess.run(
        [sys.executable, str(PROJECT / "bootstrap.py")], capture_output=True, text=True, check=False,
        env=os.environ | {"LIANBAN_VENV": str(tmp_path / "letters"), "LANG": "en_US.UTF-8", "LC_ALL": ""},
    )  # fmt: skip
    assert done.returncode == 2
    assert "is not a Python environment" in done.stdout
    assert (tmp_path / "letters" / "a.txt").read_text() == "important"


def test_bootstrap_does_not_depend_on_the_settings_of_the_machine(bootstrap, monkeypatch, tmp_path):
    """Variables that would send packages elsewhere are dropped; a mirror and certificates are handed on to uv."""
    for name in (
        "UV_TARGET",
        "UV_PYTHON",
        "UV_SYSTEM_PYTHON",
        "PIP_TARGET",
        "PIP_USER",
        "PIP_CONSTRAINT",
        "PYTHONPATH",
    ):
        monkeypatch.setenv(name, "elsewhere")
    for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    certificates = tmp_path / "ca.pem"
    certificates.touch()
    monkeypatch.setattr(
        bootstrap,
        "pip_settings",
        lambda environment: {"index-url": "https://mirror.test/simple", "cert": str(certificates)},
    )
    values = bootstrap.uv_environment(bootstrap.Environment(str(tmp_path / "venv")))
    assert not {
        "UV_TARGET",
        "UV_PYTHON",
        "UV_SYSTEM_PYTHON",
        "PIP_TARGET",
        "PIP_USER",
        "PIP_CONSTRAINT",
        "PYTHONPATH",
    } & set(values)
    assert values["UV_DEFAULT_INDEX"] == "https://mirror.test/simple"
    assert values["SSL_CERT_FILE"] == str(certificates)


def test_bootstrap_pip_settings_are_read_as_pip_writes_them(bootstrap, tmp_path, monkeypatch):
    """The real pip's own list of settings is understood."""
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nindex-url = https://mirror.test/simple\ncert = /etc/ca.pem\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    environment = bootstrap.Environment(str(tmp_path / "venv"))
    environment.python = sys.executable
    settings = bootstrap.pip_settings(environment)
    assert settings["index-url"] == "https://mirror.test/simple"
    assert settings["cert"]


def test_bootstrap_tries_again_and_then_says_what_to_do(bootstrap, capsys, monkeypatch):
    """A download that fails is tried again; when nothing helps, the message has a next step and the code is 2."""
    tries = []
    monkeypatch.setattr(
        bootstrap.subprocess, "call", lambda command, **_: tries.append(command) or len(tries) < 3
    )
    assert bootstrap.attempt(["fetch"], {})
    assert len(tries) == 3
    monkeypatch.setattr(bootstrap.subprocess, "call", lambda command, **_: 1)
    with pytest.raises(SystemExit) as leaving:
        bootstrap.persist(["fetch"], {})
    assert leaving.value.code == 2
    assert "index-url" in capsys.readouterr().out


def test_bootstrap_second_run_does_nothing_and_a_changed_lock_does(bootstrap, tmp_path, monkeypatch):
    """Nothing is called while the stamp agrees; a changed lock, or one more group, installs again."""
    done = []
    environment = bootstrap.Environment(str(tmp_path / "venv"))
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").touch()
    monkeypatch.setattr(bootstrap.Environment, "usable", lambda self: True)
    monkeypatch.setattr(bootstrap.Environment, "install_uv", lambda self: None)
    monkeypatch.setattr(bootstrap.Environment, "install_ours", lambda self: None)
    monkeypatch.setattr(
        bootstrap.Environment, "install", lambda self, files: done.append([Path(file).stem for file in files])
    )
    environment.refresh([])
    environment.refresh([])
    assert done == [["run"]]
    environment.refresh(["test"])
    environment.refresh([])  # what was asked for once stays
    assert done == [["run"], ["run", "test"]]
    digest = bootstrap.digest
    monkeypatch.setattr(
        bootstrap, "digest", lambda file: "changed" if file.endswith("run.txt") else digest(file)
    )
    environment.refresh([])
    assert done == [["run"], ["run", "test"], ["run", "test"]]


def test_bootstrap_chromium_comes_with_the_environment_and_not_instead_of_it(bootstrap, monkeypatch):
    """`make test` asks for both in one call and gets both."""
    done = []
    monkeypatch.setattr(bootstrap.Environment, "refresh", lambda self, groups: done.append(groups))
    monkeypatch.setattr(bootstrap, "install_chromium", lambda: done.append("chromium"))
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "--with", "test", "--chromium"])
    assert bootstrap.main() == 0
    assert done == [["test"], "chromium"]


@pytest.mark.parametrize("missing", ["apt-get", "sudo", "chromium"])
def test_bootstrap_without_chromium_says_that_tests_are_skipped(bootstrap, monkeypatch, capsys, missing):
    """Where Chromium may not be installed, or Debian has none, the set-up goes on and says what is left out."""
    calls = []

    def call(command, **_):
        calls.append(command)
        return 1 if "install" in command or command[:2] == ["sudo", "-n"] else 0

    monkeypatch.setattr(bootstrap.subprocess, "call", call)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0 if missing == "chromium" else 1000)
    monkeypatch.setattr(
        bootstrap.shutil,
        "which",
        lambda name: (
            None
            if missing == "apt-get"
            else {"apt-get": "/usr/bin/apt-get", "sudo": "/usr/bin/sudo"}.get(name)
        ),
    )
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    bootstrap.install_chromium()
    assert f"(no {missing}): the browser tests will be skipped and counted" in capsys.readouterr().out
    assert any("install" in command for command in calls) is (missing == "chromium")


def test_makefile_lists_every_target():
    """Plain `make` names each target that a person may call."""
    said = subprocess.run(["make", "-C", str(PROJECT)], capture_output=True, text=True, check=True).stdout
    for target in ("demo", "test", "check", "fix", "bench", "lock", "tck", "clean"):
        assert re.search(rf"^  make {target}\s+\S", said, re.M)


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("LIANBAN_TEST_BOOTSTRAP"),
    reason="fetches packages; set LIANBAN_TEST_BOOTSTRAP=1 to run it",
)
def test_bootstrap_of_a_clone_in_a_folder_with_spaces_and_chinese(tmp_path):
    """A clone, a fresh home and nothing else: the environment is made, runs, and is there at once the second time."""
    clone = tmp_path / "联办 项目"
    subprocess.run(["git", "clone", "-q", str(PROJECT), str(clone)], check=True)
    home = tmp_path / "家"
    home.mkdir()
    values = {name: value for name, value in os.environ.items() if not name.startswith(("LIANBAN_", "UV_"))}
    values["HOME"] = str(home)
    for _ in range(2):
        subprocess.run([sys.executable, "bootstrap.py"], cwd=clone, env=values, check=True)
    said = subprocess.run(
        [clone / ".venv/bin/lianban", "--version"], env=values, capture_output=True, text=True, check=True
    )
    assert said.stdout.startswith("lianban ")
