"""``lianban process``: the same from the command line, each part in the role it needs."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys

from new_versions import RICHER, deploy, edited
from test_migrating_matters import in_the_middle


def run(city, *arguments: str, expect: int = 0):
    """Run the program; returns what it said, as JSON where it was asked for."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "lianban.doors.cli", "process", *arguments],
        env=os.environ | {"LIANBAN_DATABASE_NAME": city.database, "LIANBAN_DEMO": "1", "LANG": "en_US.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return json.loads(done.stdout) if "--json" in arguments else done.stdout + done.stderr


def test_process_command_from_diff_to_rollback(city, tmp_path):
    """An operator compares, plans, migrates and rolls back, and every step says what it did."""
    inside, outside = in_the_middle(city), city.open(("police",))
    number, drawing = deploy(city, *RICHER, ('"units_answer"', '"units"'))
    versions = ("assistance", "--from", "1", "--to", str(number))
    found = run(city, "diff", *versions, "--json")
    assert {(one["sort"], one["id"]) for one in found} >= {
        ("changed", "check"),
        ("added", "check_slow"),
        ("removed", "units_answer"),
    }
    assert "~ userTask check “核验与登记”" in run(city, "diff", *versions)

    report = tmp_path / "report.csv"
    said = run(city, "plan", *versions, "--report", str(report), expect=1)
    assert "1 can move, 1 cannot" in said and "units_answer" in said
    with report.open(encoding="utf-8-sig", newline="") as handle:
        rows = {row["matter"]: row for row in csv.DictReader(handle)}
    assert rows[str(inside)]["moves"] == "no" and "units_answer" in rows[str(inside)]["reasons_zh"]
    assert rows[str(outside)]["moves"] == "yes"

    chosen = tmp_path / "map.yaml"
    chosen.write_text("elements:\n  units_answer: units\n", "utf-8")
    plan = run(city, "plan", *versions, "--map", str(chosen), "--json")
    assert (plan["moves"], plan["kept"], len(plan["matters"])) == (2, 0, 2)

    order = ("--officer", "court.judge", "--reason", "流程优化")
    said = run(city, "migrate", *versions, *order, "--map", str(chosen), "--json")
    assert said["moved"] == 2 and said["kept"] == []
    assert set(city.column("SELECT drawing_id FROM matter")) == {drawing}
    listed = run(city, "list", "assistance", "--json")
    assert listed["migrations"][0]["moved"] == 2 and listed["migrations"][0]["finished_at"]
    assert {v["version"]: v["open_matters"] for v in listed["versions"]}[number] == 2

    back = run(city, "rollback", said["order"], *order, "--json")
    assert back["moved"] == 2
    assert drawing not in city.column("SELECT drawing_id FROM matter")


def test_process_command_says_what_is_wrong(city, tmp_path):
    """A version that is not there, a file that cannot be read, a map that does not fit, an officer who may not."""
    number, _ = deploy(city, *RICHER)
    to = ("--to", str(number), "--from", "1")
    assert "LB-CLI-030" in run(city, "diff", "assistance", "--to", "999", expect=2)
    assert "LB-CLI-031" in run(city, "plan", "assistance", "--map", str(tmp_path / "none"), expect=2)
    wrong = tmp_path / "map.yaml"
    wrong.write_text("elements:\n  nowhere: check\n", "utf-8")
    assert "LB-MIGRATION-001" in run(city, "plan", "assistance", *to, "--map", str(wrong), expect=2)
    said = run(
        city, "migrate", "assistance", *to, "--officer", "police.liaison", "--reason", "试一试", expect=2
    )
    assert "LB-ACTIONS-009" in said


def test_process_command_plans_for_a_file(city, tmp_path):
    """A drawing that is not deployed yet is compared and planned for, and a broken one is refused by its elements."""
    in_the_middle(city)
    file = tmp_path / "process.bpmn"
    file.write_text(edited(*RICHER), "utf-8")
    given = ("assistance", "--from", "1", "--file", str(file))
    assert "check_slow" in {one["id"] for one in run(city, "diff", *given, "--json")}
    plan = run(city, "plan", *given, "--json")
    assert (plan["moves"], plan["kept"], plan["to"]) == (1, 0, str(file))
    assert plan["changes"] == {"tasks": 1, "armed": 1, "recomputed": 1}
    file.write_text(edited(*RICHER).replace('targetRef="approve"', 'targetRef="nowhere"'), "utf-8")
    assert "LB-PROCESS-001" in run(city, "plan", *given, expect=2)
