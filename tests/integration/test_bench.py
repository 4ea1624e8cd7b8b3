"""`portal bench`: every bench runs end to end on small sizes and speaks with the promised keys."""

import json

import pytest
from click.testing import CliRunner

from portal.bench import measuring, signing_many
from portal.bench.measuring import beside
from portal.cli.bench import bench

KEYS = {"name", "size", "value", "unit", "baseline", "ratio"}
NAMES = {
    "import": {"import.check", "import.memory", "import.rows"},
    "record": {"record.entries"},
    "package": {"package.batch", "package.verify"},
    "sign": {"sign.bb", "sign.bt", "sign.three", "sign.key", "sign.bulk"},
    "verify": {"verify.record", "verify.archived"},
    "rights": {"rights.page", "rights.page_territory", "rights.members", "rights.members_list"},
    "page": {
        f"page.{page}{kind}"
        for page in ("lists", "entries", "inbox", "search", "search_common")
        for kind in ("", "_wall", "_p95")
    }
    | {"page.row_save", "page.row_save_cpu", "page.crowd"},
}


@pytest.mark.parametrize("name", NAMES)
def test_each_bench_gives_its_figures_beside_the_bare_part(name, monkeypatch):
    monkeypatch.setattr(measuring, "ROUNDS", 1)
    monkeypatch.setattr(signing_many, "RECORDS", 2)
    told = CliRunner().invoke(bench, [name, "--json", "--size", "250"], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    figures = json.loads(told.output)
    assert {figure["name"] for figure in figures} == NAMES[name]
    for figure in figures:
        assert set(figure) >= KEYS
        assert figure["value"] > 0
        assert figure["baseline"] > 0
        assert figure["ratio"] > 0


def test_two_sizes_give_the_growth_too(monkeypatch):
    monkeypatch.setattr(measuring, "ROUNDS", 1)
    told = CliRunner().invoke(bench, ["record", "--size", "10", "--size", "20"], catch_exceptions=False)
    assert "record.growth" in told.output


def test_short_work_is_measured_fifteen_times_in_turns():
    order = []
    figure = beside("x", 1, lambda: order.append("ours"), lambda: order.append("bare"))
    assert order == ["ours", "bare"] * 16
    assert figure.ratio is not None


def test_an_unknown_bench_is_refused():
    assert CliRunner().invoke(bench, ["nothing"]).exit_code == 2
