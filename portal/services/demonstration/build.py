"""Fill an empty portal with the demonstration, all or nothing: killed half-way it leaves an empty database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.domain.errors import DomainError
from portal.models import Unit, User, db
from portal.queries.units import by_code
from portal.services.authority import ensure_authority
from portal.services.context import ground, time_from
from portal.services.demonstration.absences import leave_a_deputy
from portal.services.demonstration.accounts import create_accounts, create_keys
from portal.services.demonstration.figures import open_reports
from portal.services.demonstration.files import keep_file
from portal.services.demonstration.people import PersonMaker
from portal.services.demonstration.registry import keep_registers
from portal.services.demonstration.story import tell_story
from portal.services.demonstration.units import COMMUNES, create_units, unit_code
from portal.services.demonstration.workbooks import make_workbook
from portal.services.unit_of_work import transaction
from portal.signatures.invented_time import InventedTime

SEED = 2262
"""The number of the ministry's letter with the procedure."""
_BEGAN = timedelta(days=70)
_SPARE_PER_VILLAGE = 20


def build_demonstration(say: Callable[[str], None]) -> None:
    """Units, accounts, keys, workbooks and lists at every stage; nothing where they are there already.

    Runs inside an open portal (`services.standalone.opened`) whose settings say demonstration. Raises DomainError
    where the database holds other units.
    """
    if by_code(unit_code("tyt", COMMUNES[0].short)) is not None:
        return
    if db.session.scalar(select(Unit.id).limit(1)) is not None:
        raise DomainError(
            "Cơ sở dữ liệu đã có đơn vị, nên không nạp dữ liệu trình diễn vào đó. "
            "Hãy dùng một cơ sở dữ liệu còn trống, hoặc đặt BANGIAO_HOME sang thư mục khác."
        )
    with _all_or_nothing():
        _people_and_keys()
        say("  đơn vị, tài khoản, khóa ký")
        maker = PersonMaker(SEED)
        with time_from(InventedTime(ground().settings.authority_folder, clock.now)):
            tell_story(maker, say)
        _everybody_was_here_today()
        leave_a_deputy()
        _spare_files(maker)
        open_reports()
        keep_registers()


def _everybody_was_here_today() -> None:
    # The story begins 70 days ago; accounts that nobody has used since would be asleep by now.
    with transaction():
        db.session.execute(update(User).values(woken_at=clock.now()))


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """Every commit of a service inside the block becomes a savepoint of one outer transaction."""
    db.session.remove()
    with db.engine.connect() as connection, connection.begin():
        # Flask-SQLAlchemy's own session would go back to the engine; a plain one stays on this connection.
        plain = Session(bind=connection, join_transaction_mode="create_savepoint")
        db.session.registry.set(plain)  # type: ignore[arg-type]
        try:
            yield
        finally:
            db.session.remove()


def _people_and_keys() -> None:
    with clock.at(clock.now() - _BEGAN):
        ensure_authority(ground().settings, now=clock.now())
        with transaction():
            create_units()
            create_accounts()
        create_keys()


def _spare_files(maker: PersonMaker) -> None:
    """Workbooks that nobody has imported yet, to try the import with."""
    for commune in COMMUNES:
        made = make_workbook(
            maker,
            commune=commune.name,
            station=f"Trạm Y tế xã {commune.name}",
            shares={f"Thôn {name}": _SPARE_PER_VILLAGE for _, name in commune.villages},
            seed=SEED,
        )
        keep_file(f"{commune.short}-chua-nhap.xlsx", made.data)
