"""`portal journey` as a user runs it: no server, no settings; twice into the same folder."""

import json
import os
import subprocess
import sys
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.timeout(300)

RECORDS = ["01-tram-thon.pdf", "02-thon-cong-an.pdf", "03-cong-an-tram.pdf", "04-hoan-thanh.pdf"]


def _run(*arguments, **extra):
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DATABASE_OWNER_URL"}}
    return subprocess.run(
        [sys.executable, "-m", "portal", *arguments],
        env=environment | extra,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """The folder after two runs; something of the user's own lies in it."""
    folder = tmp_path_factory.mktemp("journey") / "ra"
    home = tmp_path_factory.mktemp("untouched") / "home"
    first = _run("journey", "--out", str(folder), "--entries", "30", "--seed", "7", BANGIAO_HOME=str(home))
    assert first.returncode == 0, first.stderr
    (folder / "của-tôi.txt").write_text("giữ lại")
    second = _run("journey", "--out", str(folder), "--entries", "30", "--seed", "7", BANGIAO_HOME=str(home))
    assert second.returncode == 0, second.stderr
    assert not home.exists(), "the throw-away portal must not touch the configured home"
    return folder


def test_it_leaves_three_legs_a_completion_and_the_files_around_them(out):
    assert sorted(path.name for path in (out / "records").iterdir()) == RECORDS
    for name in ("import.xlsx", "trail.pdf", "evidence.asice", "roots.pem", "times.json"):
        assert (out / name).stat().st_size > 0
    assert (out / "của-tôi.txt").read_text() == "giữ lại"


def test_times_name_each_step_with_seconds_and_entries(out):
    times = json.loads((out / "times.json").read_text())
    assert {"import", "station_to_village", "village_to_police", "police_to_station", "completion"} <= {
        step["step"] for step in times
    }
    assert all(step["seconds"] >= 0 and step["entries"] == 30 for step in times)


def test_each_record_is_genuine_with_nothing_but_the_roots(out):
    told = _run("verify", str(out / "records"), "--roots", str(out / "roots.pem"), "--json")
    assert told.returncode == 0
    verdicts = json.loads(told.stdout)
    assert [verdict["verdict"] for verdict in verdicts] == ["genuine"] * 4
    assert [len(verdict["signatures"]) for verdict in verdicts] == [3, 3, 3, 2]


def test_the_evidence_package_proves_records_and_events_with_nothing_but_the_roots(out):
    told = _run("verify", str(out / "evidence.asice"), "--roots", str(out / "roots.pem"), "--json")
    assert told.returncode == 0, told.stdout
    (verdict,) = json.loads(told.stdout)
    assert verdict["verdict"] == "genuine"
    assert {line["name"]: line["ok"] for line in verdict["lines"]} == dict.fromkeys(
        ("intact", "unchanged", "signers", "records", "log"), True
    )
    assert len(verdict["signatures"]) == 1 + 3 + 3 + 3 + 2
    with ZipFile(out / "evidence.asice") as package:
        reports = [package.read(each).decode() for each in package.namelist() if each.startswith("bao-cao/")]
    assert len(reports) == 3 + 3 + 3 + 2
    assert all("mainindication:total-passed" in each for each in reports), "ETSI TS 119 102-2, records at B-LTA"


@pytest.mark.parametrize("name", RECORDS)
def test_other_tools_find_the_records_sound(out, name):
    path = str(out / "records" / name)
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    signed = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False)
    assert signed.stdout.count("Signature is Valid") == (2 if name.startswith("04") else 3)
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), "a font is not embedded"


def test_the_import_file_reads_back_as_exactly_well_formed_numbers(out):
    told = _run("check", str(out / "import.xlsx"), "--json")
    read = json.loads(told.stdout)
    assert read["refused"] is None
    assert read["rows"] == read["accepted"] > 0
    assert all(entry["classes"] == [] for entry in read["entries"])
