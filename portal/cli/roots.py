"""`portal roots FILE`: the trust bundle with which others judge this portal's papers offline."""

from pathlib import Path

import click


@click.command("roots")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def roots(file: Path) -> None:
    """Ghi bộ tin cậy vào FILE (PEM): chứng thư gốc và danh sách thu hồi mới nhất; không có khóa riêng nào."""
    from portal.clock import now
    from portal.services.authority import trust_bundle
    from portal.settings import Settings
    from portal.verification.roots import age_in_words

    bundle = trust_bundle(Settings.from_environment())
    if not bundle.roots:
        raise click.ClickException("Cổng chưa có chứng thư gốc nào. Hãy chạy «portal init» trước.")
    file.write_bytes(bundle.as_pem)
    click.echo(f"{file}: {len(bundle.roots)} chứng thư gốc. {age_in_words(bundle.lists, now())}")
