"""``lianban areas``: what the operator sees and what a program reads."""

import csv
import json

import pytest
from typer.testing import CliRunner

from lianban.doors.cli.areas import app
from lianban.engines.identifiers.area_tables import AreaFileMissing
from lianban.engines.identifiers.areas import UnknownArea

runner = CliRunner()


@pytest.fixture(autouse=True)
def chinese(monkeypatch):
    monkeypatch.setenv("LIANBAN_LANG", "zh")


def test_areas_load_reports(tmp_path):
    """The report names the 300 disagreements, 16 divisions in 疏勒县 and 21 in 汝州市, and writes them all."""
    report = tmp_path / "differences.csv"
    result = runner.invoke(app, ["load", "--report", str(report)])
    assert result.exit_code == 0, result.output
    assert "不一致 300 处" in result.output
    assert "疏勒县 653122：乡级区划 16 个" in result.output
    assert "汝州市 410482：乡级区划 21 个" in result.output
    with report.open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 300


@pytest.mark.data
def test_areas_load_a_folder_as_json(real_inputs):
    """A program gets one document; the folder may be named, and its files plain."""
    result = runner.invoke(app, ["load", str(real_inputs / "areas"), "--json", "--county", "331004"])
    found = json.loads(result.stdout)
    assert len(found["disagreements"]) == 300
    assert found["of_county"]["331004"]["total"] > 0


def test_areas_load_missing_folder(tmp_path):
    """A folder without the tables is the caller's mistake."""
    result = runner.invoke(app, ["load", str(tmp_path)])
    assert isinstance(result.exception, AreaFileMissing)


def test_areas_show_by_date(monkeypatch):
    """A code or a name leads to what was in use on the day, in Chinese and English."""
    before = runner.invoke(app, ["show", "331083", "--on", "2010-01-01"])
    assert "331021 玉环县" in before.output
    by_name = runner.invoke(app, ["show", "玉环", "--on", "2020-01-01", "--json"])
    assert json.loads(by_name.stdout)["then"]["code"] == "331083"
    monkeypatch.setenv("LIANBAN_LANG", "en")
    assert "2010-01-01: 331021" in runner.invoke(app, ["show", "331083", "--on", "2010-01-01"]).output


@pytest.mark.parametrize("arguments", [["show", "999999"], ["show", "没有这个地方"]])
def test_areas_show_unknown(arguments):
    """What never existed is said to be unknown."""
    assert isinstance(runner.invoke(app, arguments).exception, UnknownArea)
