import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli import verify as command
from portal.cli.roots import roots
from tests.unit.signatures import papers
from tests.unit.verification.test_alterations import appended, cover_a_line


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "now", lambda: papers.NOW)
    (tmp_path / "roots.pem").write_bytes(papers.authority().certificate_pem)
    (tmp_path / "good.pdf").write_bytes(papers.received())
    (tmp_path / "bad.pdf").write_bytes(papers.received() + b"x")
    return tmp_path


def run(*arguments: object):
    return CliRunner().invoke(command.verify, [str(each) for each in arguments])


def test_a_genuine_record_exits_0_in_five_lines_and_one_word(files):
    answer = run(files / "good.pdf", "--roots", files / "roots.pem")
    assert answer.exit_code == 0
    lines = answer.output.splitlines()
    assert lines[0].endswith("good.pdf: HỢP LỆ")
    assert len(lines) == 6


def test_one_record_that_is_not_genuine_exits_1(files):
    answer = run(files, "--roots", files / "roots.pem")
    assert answer.exit_code == 1
    assert "KHÔNG HỢP LỆ" in answer.output


def test_without_roots_nothing_can_be_decided(files):
    answer = run(files / "good.pdf")
    assert answer.exit_code == 2
    assert "CHƯA XÁC ĐỊNH" in answer.output


def test_the_json_has_the_fixed_keys(files):
    (answer,) = json.loads(run(files / "good.pdf", "--roots", files / "roots.pem", "--json").output)
    assert {"path", "verdict", "signatures", "lines"} <= set(answer)
    assert answer["verdict"] == "genuine"
    for signature in answer["signatures"]:
        assert {"field", "signer", "unit", "time", "level", "verdict"} <= set(signature)
    assert all({"name", "ok", "text"} <= set(line) for line in answer["lines"])


@pytest.mark.parametrize(
    "names", [("none.pdf",), ("good.pdf", "--roots", "none.pem"), ("good.pdf", "--roots", "good.pdf")]
)
def test_what_cannot_be_read_is_named_and_exits_2(files, names):
    answer = run(*(files / name if "." in name else name for name in names))
    assert answer.exit_code == 2
    assert "Hãy" in answer.output


def test_the_bundle_that_the_portal_writes_is_what_the_verifier_reads(files, monkeypatch):
    monkeypatch.setenv("BANGIAO_HOME", str(files / "home"))
    (files / "home").mkdir()
    assert CliRunner().invoke(roots, [str(files / "none.pem")]).exit_code == 1
    papers.authority()
    (files / "home" / "authority").symlink_to(papers.folder())
    (files / "home" / "anchors").mkdir()
    (files / "home" / "anchors" / "a.crl").write_bytes(papers.revocations(papers.NOW))
    told = CliRunner().invoke(roots, [str(files / "bundle.pem")])
    assert (told.exit_code, "1 chứng thư gốc" in told.output) == (0, True), told.output
    answer = run(files / "good.pdf", "--roots", files / "bundle.pem")
    assert answer.exit_code == 0
    assert "lập ngày 20/11/2026, hôm nay" in answer.output
    broken = (files / "bundle.pem").read_bytes().replace(b"CRL-----\nM", b"CRL-----\n!", 1)
    (files / "bundle.pem").write_bytes(broken)
    assert run(files / "good.pdf", "--roots", files / "bundle.pem").exit_code == 2


def test_the_verifier_loads_neither_flask_nor_tables_nor_the_page_drawer():
    code = "import sys, portal.cli.verify; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"flask", "sqlalchemy", "portal.models", "weasyprint"} & set(loaded)


def test_an_altered_record_is_named_and_its_pages_are_written_side_by_side(files):
    (files / "altered.pdf").write_bytes(appended(cover_a_line, papers.received()))
    answer = run(files / "altered.pdf", "--roots", files / "roots.pem", "--pictures", files / "seen", "--json")
    assert answer.exit_code == 1
    (plain,) = json.loads(answer.output)
    assert "Trang nhìn khác bản đã ký: 1." in plain["altered"]
    (picture,) = map(Path, plain["pictures"])
    assert (picture.parent, picture.name[:8], picture.name[-13:]) == (files / "seen", "altered-", "-trang-01.png")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert (picture.stat().st_mode & 0o777, picture.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    (files / "elsewhere").mkdir()
    (files / "elsewhere" / "altered.pdf").write_bytes(appended(cover_a_line, papers.received()))
    both = run(files / "altered.pdf", files / "elsewhere", "--pictures", files / "seen", "--json")
    assert len({picture for each in json.loads(both.output) for picture in each["pictures"]}) == 2
    flipped = bytearray(papers.received())
    flipped[3000] ^= 1
    (files / "flipped.pdf").write_bytes(flipped)
    told = run(files / "flipped.pdf", "--pictures", files / "seen", "--original", files / "good.pdf").output
    assert "Byte đầu tiên bị đổi ở vị trí 3001" in told
