"""Front-end parts: only what the lock names, only with its hash, whole or not at all."""

import io
import json
import os
import sys
import tarfile
import threading

import pytest

from lianban.doors.web import parts

NPM = """
# Plays npm: knows `pack --json --pack-destination FOLDER NAME@VERSION…` and copies packages from a shelf.
import json, os, pathlib, shutil, sys
shelf = pathlib.Path({shelf!r})
with open(shelf / "calls", "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
if sys.argv[1:] == ["--version"]:
    print("99.0.0")
    sys.exit()
failures = shelf / "failures"
if failures.exists() and int(failures.read_text()):
    failures.write_text(str(int(failures.read_text()) - 1))
    print("npm error network timed out", file=sys.stderr)
    sys.exit(1)
assert sys.argv[1:3] == ["pack", "--json"] and os.environ["npm_config_ignore_scripts"] == "true"
folder, answer = pathlib.Path(sys.argv[4]), []
for wanted in sys.argv[5:]:
    name, version = wanted.rsplit("@", 1)
    file = name.lstrip("@").replace("/", "-") + "-" + version + ".tgz"
    if not (shelf / file).exists():
        print("npm error code E404", file=sys.stderr)
        sys.exit(1)
    shutil.copy(shelf / file, folder / file)
    answer.append({{"name": name, "version": version, "filename": file}})
print(json.dumps(answer))
"""


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A shelf of packages, and an npm on the path that takes them from there."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "npm.py").write_text(NPM.format(shelf=str(shelf)))
    # Not a #! of Python itself: its path may hold spaces, which no kernel reads.
    (programs / "npm").write_text(f"#!/bin/sh\nexec '{sys.executable}' '{programs / 'npm.py'}' \"$@\"\n")
    (programs / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    monkeypatch.setattr(parts.time, "sleep", lambda seconds: None)
    return shelf


def put(shelf, name, version, files):
    """Lay a package on the shelf; its integrity."""
    file = shelf / (name.lstrip("@").replace("/", "-") + f"-{version}.tgz")
    with tarfile.open(file, "w:gz") as archive:
        for path, data in files.items():
            about = tarfile.TarInfo(f"package/{path}")
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    return parts._integrity(file)


def write_lock(tmp_path, *entries):
    lock = tmp_path / "assets.lock"
    keys = ("name", "version", "integrity", "files")
    lock.write_text(
        json.dumps(
            {"parts": [dict(zip(keys, entry, strict=True), licence="MIT", why="test") for entry in entries]}
        )
    )
    return lock


def silent(chinese, english):
    return None


def calls(shelf):
    return [line for line in (shelf / "calls").read_text().split("\n") if line.startswith("pack")]


@pytest.fixture
def two(shelf, tmp_path):
    """Two packages, one with a scope, and their lock."""
    first = put(shelf, "@scope/one", "1.2.3", {"dist/one.js": b"one()", "dist/more.js": b"no"})
    second = put(
        shelf,
        "two",
        "2.0.0",
        {"two.css": b"a{}", "fonts/a.woff2": b"A", "fonts/b.woff2": b"B", "README": b"-"},
    )
    lock = write_lock(
        tmp_path,
        ("@scope/one", "1.2.3", first, ["dist/one.js"]),
        ("two", "2.0.0", second, ["two.css", "fonts/*.woff2"]),
    )
    return lock, tmp_path / "parts"


def test_parts_only_wanted_files_are_unpacked(two, shelf):
    """The files and patterns of the lock are unpacked under the part's folder, nothing else; again does nothing."""
    lock, target = two
    assert [part.name for part in parts.fetch(silent, lock, target)] == ["@scope/one", "two"]
    found = sorted(
        str(file.relative_to(target)) for file in target.rglob("*") if file.is_file() and file.name[0] != "."
    )
    assert found == ["scope-one/dist/one.js", "two/fonts/a.woff2", "two/fonts/b.woff2", "two/two.css"]
    assert parts.check(lock, target) == 4
    assert parts.fetch(silent, lock, target) == []
    assert len(calls(shelf)) == 1


def test_parts_of_a_changed_package_are_refused(two, shelf):
    """A package that does not have the hash of the lock is not used, and its sound neighbour is."""
    lock, target = two
    put(shelf, "two", "2.0.0", {"two.css": b"a{evil}", "fonts/a.woff2": b"A"})
    with pytest.raises(parts.PartChanged, match=r"two 2\.0\.0"):
        parts.fetch(silent, lock, target)
    assert (target / "scope-one" / "dist" / "one.js").exists()
    assert not (target / "two").exists()
    assert [file.name for file in target.iterdir() if file.name.startswith((".fetching", ".unpacking"))] == []


def test_parts_damage_is_found_and_mended(two):
    """A changed or lost file is named by the check; fetching brings back what is lost."""
    lock, target = two
    parts.fetch(silent, lock, target)
    (target / "two" / "two.css").write_bytes(b"a{changed}")
    with pytest.raises(parts.PartDamaged, match=r"two/two\.css"):
        parts.check(lock, target)
    (target / "two" / "two.css").unlink()
    assert [part.name for part in parts.fetch(silent, lock, target)] == ["two"]
    assert parts.check(lock, target) == 4


def test_parts_new_version_replaces_the_old(two, shelf, tmp_path):
    """Another version in the lock is fetched and takes the old one's place as a whole."""
    lock, target = two
    parts.fetch(silent, lock, target)
    newer = put(shelf, "two", "2.1.0", {"two.css": b"b{}"})
    first = parts.read_lock(lock)[0]
    lock = write_lock(
        tmp_path,
        (first.name, first.version, first.integrity, ["dist/one.js"]),
        ("two", "2.1.0", newer, ["two.css"]),
    )
    assert [part.wanted for part in parts.fetch(silent, lock, target)] == ["two@2.1.0"]
    assert (target / "two" / "two.css").read_bytes() == b"b{}"
    assert not (target / "two" / "fonts").exists()


def test_parts_slow_network_is_tried_again(two, shelf):
    """A registry that does not answer at first is asked again; the parts come."""
    (shelf / "failures").write_text("2")
    lock, target = two
    said = []
    parts.fetch(lambda zh, en: said.append(en), lock, target)
    assert parts.check(lock, target) == 4
    assert any("again in" in sentence for sentence in said)


def test_parts_no_network_says_what_to_do(two, shelf):
    """Where nothing comes at all, the message has npm's own words and the next step."""
    (shelf / "failures").write_text("99")
    with pytest.raises(parts.PartNotFetched, match=r"network timed out.*lianban parts fetch"):
        parts.fetch(silent, *two)


def test_parts_killed_fetch_leaves_nothing_in_the_way(two):
    """What a killed fetch left lying is swept away by the next one."""
    lock, target = two
    (target / ".fetching-dead" / "x").mkdir(parents=True)
    (target / ".unpacking-dead").mkdir()
    parts.fetch(silent, lock, target)
    assert sorted(file.name for file in target.iterdir()) == [".lock", "scope-one", "two"]


def test_parts_two_fetches_at_once(two, shelf):
    """Two programs that start together fetch once."""
    threads = [threading.Thread(target=parts.fetch, args=(silent, *two)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert parts.check(*two) == 4
    assert len(calls(shelf)) == 1


def test_parts_path_that_leaves_the_folder_is_not_unpacked(shelf, tmp_path):
    """A package with a path that climbs out cannot write outside its folder."""
    integrity = put(shelf, "evil", "1.0.0", {"../../out.js": b"x", "a.js": b"a"})
    lock = write_lock(tmp_path, ("evil", "1.0.0", integrity, ["*"]))
    parts.fetch(silent, lock, tmp_path / "parts")
    assert not (tmp_path / "out.js").exists()
    assert parts.check(lock, tmp_path / "parts") == 1


def test_parts_missing_file_is_named(shelf, tmp_path):
    """A file that the package does not have is named, with the lock to correct."""
    lock = write_lock(tmp_path, ("one", "1.0.0", put(shelf, "one", "1.0.0", {"a.js": b"a"}), ["b.js"]))
    with pytest.raises(parts.PartFileMissing, match=r"b\.js"):
        parts.fetch(silent, lock, tmp_path / "parts")


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"parts": [{"name": "x"}]}', '{"parts": 3}', '{"parts": [{"name": "../x", "version": "1.0.0", "integrity": "", "files": [], "licence": "", "why": ""}]}',
     '{"parts": [{"name": "x", "version": "^1.0.0", "integrity": "", "files": [], "licence": "", "why": ""}]}'],
)  # fmt: skip
def test_parts_broken_lock_is_refused(text, tmp_path):
    """A list that cannot be read, a name that is a path, or a range instead of a version is refused."""
    (tmp_path / "assets.lock").write_text(text)
    with pytest.raises(parts.PartsLockUnreadable):
        parts.read_lock(tmp_path / "assets.lock")


def test_parts_lock_is_written_once(shelf, tmp_path):
    """New parts get their hash; a part that has one is never given another."""
    integrity = put(shelf, "one", "1.0.0", {"a.js": b"a"})
    lock = write_lock(tmp_path, ("one", "1.0.0", "", ["a.js"]))
    with pytest.raises(parts.PartsLockUnreadable, match="lianban parts lock"):
        parts.fetch(silent, lock, tmp_path / "parts")
    assert [part.name for part in parts.write_lock(silent, lock)] == ["one"]
    assert parts.read_lock(lock)[0].integrity == integrity
    put(shelf, "one", "1.0.0", {"a.js": b"changed"})
    with pytest.raises(parts.PartChanged):
        parts.write_lock(silent, lock)
    assert parts.read_lock(lock)[0].integrity == integrity


def test_parts_lock_of_the_project():
    """The real list pins a version and a sha512 for every part, says why it is there, and holds no address."""
    found = parts.read_lock()
    assert {"htmx.org", "@alpinejs/csp", "bpmn-js", "echarts", "axe-core"} <= {part.name for part in found}
    for part in found:
        assert part.integrity.startswith("sha512-")
        assert part.files
        assert part.licence
        assert part.why
    assert "://" not in parts.LOCK.read_text()
