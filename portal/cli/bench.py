"""`portal bench`: the published figures, measured here and now beside the bare parts."""

import json

import click

from portal.cli import load

BENCHES = {
    "import": "portal.bench.importing:measure",
    "record": "portal.bench.recording:measure",
    "sign": "portal.bench.signing:measure",
    "package": "portal.bench.packaging:measure",
    "verify": "portal.bench.signing:measure_verification",
    "duplicates": "portal.bench.duplicating:measure",
    "page": "portal.bench.paging:measure",
    "rights": "portal.bench.rights:measure",
    "reports": "portal.bench.reporting:measure",
}


@click.command
@click.argument("names", nargs=-1, required=True, type=click.Choice(list(BENCHES)))
@click.option("--json", "as_json", is_flag=True, help="Kết quả cho máy đọc (JSON).")
@click.option("--size", "sizes", type=click.IntRange(1), multiple=True, help="Cỡ khác thay cho các cỡ mặc định.")
@click.option("--large", is_flag=True, help="Đo trang cả ở tỉnh 2 triệu người (nạp mất vài phút).")
def bench(names: tuple[str, ...], as_json: bool, sizes: tuple[int, ...], large: bool) -> None:
    """Đo tốc độ. Mỗi số liệu đứng cạnh phần cốt lõi làm cùng việc trong cùng lượt đo."""
    taken = []
    for name in names:
        measure = load(BENCHES[name])
        wanted = sizes
        if large and name == "page":
            wanted = (*(sizes or load("portal.bench.paging:SIZES")), load("portal.bench.paging:LARGE"))
        for figure in measure(*([wanted] if wanted and name not in {"sign", "verify", "package"} else [])):
            taken.append(figure.as_dict())
            if not as_json:
                click.echo(_line(figure.as_dict()))
    if as_json:
        click.echo(json.dumps(taken, ensure_ascii=False, indent=1))


def _line(figure: dict[str, object]) -> str:
    beside = f"   trần: {figure['baseline']}   tỉ lệ: {figure['ratio']}" if figure["ratio"] else ""
    return f"{figure['name']:<20}{figure['size']:>9}   {figure['value']} {figure['unit']}{beside}"
