"""Lists at every stage, with a past: four batches of two stations, told day by day through the services."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from portal import clock
from portal.domain.permissions import ROLE_PARTY, Actor
from portal.domain.stages import Leg
from portal.domain.transitions import WORK_ACTION
from portal.domain.verdicts import Reason, RefusalReason, ReturnReason, Verdict
from portal.models import CorrectionList, db
from portal.services import claims, imports, lists, platform, signing
from portal.services.demonstration import way
from portal.services.demonstration.accounts import actor
from portal.services.demonstration.files import keep_file
from portal.services.demonstration.people import PersonMaker
from portal.services.demonstration.units import COMMUNES, DemonstrationCommune
from portal.services.demonstration.workbooks import make_workbook
from portal.services.entries import Conclusion, apply_conclusion
from portal.services.exceptions import NotTaken
from portal.services.transitions import load_list, permit
from portal.services.unit_of_work import transaction

T = TypeVar("T")
TRAM_TAU, HANH_PHUC = COMMUNES
_MORNING = timedelta(hours=1, minutes=15)
"""08:15 in Vietnam, counted from midnight UTC."""


@dataclass
class Storyteller:
    """Tells one batch: the moment it stands at, the truth about its rows, its lists by village."""

    commune: DemonstrationCommune
    today: datetime
    chance: random.Random
    moment: datetime
    truth: way.Truth
    lists: dict[str, UUID]

    def day(self, days_ago: int, minutes: int = 0) -> None:
        """Go on to the morning of a day so many days before today (and minutes later)."""
        midnight = self.today.replace(hour=0, minute=0, second=0, microsecond=0)
        self.moment = midnight - timedelta(days=days_ago) + _MORNING + timedelta(minutes=minutes)

    def do(self, act: Callable[[], T], minutes: int = 7) -> T:
        """Do something at the story's moment; some minutes pass afterwards."""
        with clock.at(self.moment):
            done = act()
        self.moment += timedelta(minutes=minutes)
        return done

    def who(self, office: str, village: str = "") -> Actor:
        """An account of the commune: `tyt`, `cax`, `tctx`, or `thon` with the village's short name."""
        name = f"thon.{village}" if village else f"{office}.{self.commune.short}"
        return self.do(lambda: actor(name), minutes=0)

    def hand_over(self, giver: Actor, receiver: Actor, list_id: UUID, leg: Leg) -> UUID:
        """A leg with both signatures, half an hour apart; returns its record."""
        record_id = self.do(lambda: way.send(giver, list_id, leg), minutes=32)
        self.do(lambda: way.take(receiver, record_id))
        return record_id

    def to_village(self, village: str) -> UUID:
        """The first leg of a village's list, countersigned."""
        list_id = self.lists[village]
        self.hand_over(self.who("tyt"), self.who("thon", village), list_id, Leg.STATION_TO_VILLAGE)
        return list_id

    def to_police(self, village: str) -> UUID:
        """The second leg, countersigned."""
        list_id = self.lists[village]
        self.hand_over(self.who("thon", village), self.who("cax"), list_id, Leg.VILLAGE_TO_POLICE)
        return list_id

    def conclude(self, who: Actor, list_id: UUID, *, share: float = 1.0, returns: int = 0) -> None:
        """Conclude a share of the open entries, two minutes each; the last `returns` go back with a reason."""
        party = ROLE_PARTY[who.role]
        with transaction():
            of_list = load_list(who, list_id, lock=True)
            permit(who, of_list, WORK_ACTION[party])
            open_ones = [e for e in way.entries_in(list_id) if not getattr(e, f"{party}_verdict")]
            for place, entry in enumerate(open_ones[: round(len(open_ones) * share)]):
                said = way.conclusion_for(party, entry, self.truth, self.chance)
                if place >= len(open_ones) - returns:
                    said = Conclusion(Verdict.RETURNED, reason=ReturnReason.CARD_NEEDED.value)
                with clock.at(self.moment):
                    apply_conclusion(who, of_list, entry, party, said)
                self.moment += timedelta(seconds=self.chance.randrange(40, 200))


def import_batch(
    maker: PersonMaker, commune: DemonstrationCommune, number: int, *, ago: int, due: int, sizes: tuple[int, ...]
) -> Storyteller:
    """Import a damaged workbook `ago` days before today, due `due` days from the import.

    `sizes` are the villages' shares; a fourth one has no village.
    """
    today = clock.now()
    names = [f"Thôn {name}" for _, name in commune.villages]
    shares = dict(zip([*names, ""], sizes, strict=False))
    made = make_workbook(
        maker, commune=commune.name, station=f"Trạm Y tế xã {commune.name}", shares=shares, seed=number
    )
    name = f"{commune.short}-dot-{number}.xlsx"
    keep_file(name, made.data)
    chance = random.Random(f"{commune.short}{number}")  # noqa: S311  reproducible, nothing secret
    told = Storyteller(commune, today, chance, today, made.truth, {})
    told.day(ago)
    clerk = told.do(lambda: actor(f"tyt.{commune.short}.nv"), minutes=0)
    upload = told.do(lambda: imports.upload_workbook(clerk, name, made.data))
    due_at = _evening(told.moment + timedelta(days=due))
    title = f"Rà soát dữ liệu tiêm chủng, đợt {number}"
    batch_id = told.do(lambda: imports.confirm_import(clerk, upload, due_at=due_at, title=title), minutes=25)
    short = {f"Thôn {name}": short for short, name in commune.villages}
    for of_list in db.session.scalars(select(CorrectionList).where(CorrectionList.batch_id == batch_id)):
        told.lists[short.get(of_list.name, "")] = of_list.id
    return told


def tell_story(maker: PersonMaker, say: Callable[[str], None]) -> None:
    """All batches; about 1,000 persons on thirteen lists."""
    _first_of_tram_tau(import_batch(maker, TRAM_TAU, 1, ago=62, due=75, sizes=(48, 86, 90)))
    say("  Trạm Tấu, đợt 1: hoàn thành, đang cập nhật, chờ trạm ký nhận")
    _first_of_hanh_phuc(import_batch(maker, HANH_PHUC, 1, ago=41, due=36, sizes=(94, 88, 82)))
    say("  Hạnh Phúc, đợt 1: công an đối chiếu (quá hạn), chờ công an ký nhận, trả lại vòng 2")
    _second_of_tram_tau(import_batch(maker, TRAM_TAU, 2, ago=12, due=21, sizes=(84, 78, 72, 16)))
    say("  Trạm Tấu, đợt 2: thôn rà soát, chờ thôn ký nhận, thôn từ chối, thôn chưa rõ")
    _second_of_hanh_phuc(import_batch(maker, HANH_PHUC, 2, ago=4, due=18, sizes=(90, 82, 76, 14)))
    say("  Hạnh Phúc, đợt 2: đang soạn, thu hồi, thôn nhận một phần, thôn chưa rõ")


def _first_of_tram_tau(told: Storyteller) -> None:
    closed, updating, waiting = (short for short, _ in told.commune.villages)
    police, officer, station = told.who("cax"), told.do(lambda: actor("cax.tramtau.cb"), 0), told.who("tyt")
    for place, village in enumerate((closed, updating, waiting)):
        told.day(60 - place)
        list_id = told.to_village(village)
        told.day(55 - place)
        told.conclude(told.who("thon", village), list_id)
        told.to_police(village)
        told.day(46 - 2 * place)
        told.conclude(officer, list_id)
    for place, village in enumerate((closed, updating)):
        told.day(38 - place)
        record_id = told.hand_over(police, station, told.lists[village], Leg.POLICE_TO_STATION)
    told.day(35)
    number, values = told.do(lambda: way.slip_of_the_pen(told.lists[updating]), minutes=0)
    why = "Công an ghi nhầm ngày sinh so với CSDLQG về dân cư"
    told.do(lambda: way.adjust(police, station, record_id, number, values, why))
    _close(told, told.lists[closed], station)
    told.day(9)
    told.do(lambda: way.make_import_file(station, told.lists[updating]))
    told.do(lambda: way.edit_fields(station, told.lists[updating], limit=5))
    told.day(2)
    told.do(lambda: way.send(police, told.lists[waiting], Leg.POLICE_TO_STATION))


def _close(told: Storyteller, list_id: UUID, station: Actor) -> None:
    """Both lanes done, the platform's list read, one entry that stays wrong ended with its reason, completed."""
    told.day(33)
    told.do(lambda: way.make_import_file(station, list_id))
    told.do(lambda: way.edit_fields(station, list_id))
    told.day(30)
    shown = told.do(lambda: way.verification_list(list_id, wrong=1))
    told.do(lambda: platform.take_verification_list(station, list_id, shown))
    told.do(lambda: way.end_failed(station, list_id, Reason.NO_INFORMATION.value))
    told.do(lambda: way.send(station, list_id, None))


def _first_of_hanh_phuc(told: Storyteller) -> None:
    overdue, waiting, returned = (short for short, _ in told.commune.villages)
    officer = told.do(lambda: actor("cax.hanhphuc.cb"), 0)
    for place, village in enumerate((overdue, waiting, returned)):
        told.day(39 - place)
        list_id = told.to_village(village)
        told.day(31 - place)
        told.conclude(told.who("thon", village), list_id)
    told.day(27)
    told.to_police(overdue)
    told.to_police(returned)
    told.day(20)
    told.conclude(officer, told.lists[overdue], share=0.5)
    told.day(19)
    told.conclude(officer, told.lists[returned], returns=6)
    told.hand_over(told.who("cax"), told.who("thon", returned), told.lists[returned], Leg.POLICE_TO_VILLAGE)
    coordinator = told.who("tctx")
    told.day(4)
    for village in (returned, waiting):
        due_at = _evening(told.today + timedelta(days=8))
        told.do(lambda v=village, d=due_at: lists.change_due(coordinator, told.lists[v], d))  # type: ignore[misc]
    told.day(3)
    told.do(lambda: way.send(told.who("thon", waiting), told.lists[waiting], Leg.VILLAGE_TO_POLICE))
    told.day(1)
    told.do(lambda: lists.remind(coordinator, told.lists[overdue]))


def _second_of_tram_tau(told: Storyteller) -> None:
    reviewing, waiting, refused = (short for short, _ in told.commune.villages)
    station = told.who("tyt")
    told.day(10)
    list_id = told.to_village(reviewing)
    told.day(6)
    told.conclude(told.who("thon", reviewing), list_id, share=0.55)
    told.day(5)
    record_id = told.do(lambda: way.send(station, told.lists[refused], Leg.STATION_TO_VILLAGE), minutes=95)
    village, note = told.who("thon", refused), "Trong danh sách có nhiều người ở thôn khác, đề nghị trạm xem lại"
    told.do(lambda: way.refuse(village, record_id, RefusalReason.WRONG_UNIT.value, note))
    told.day(2)
    told.do(lambda: way.send(station, told.lists[waiting], Leg.STATION_TO_VILLAGE))


def _second_of_hanh_phuc(told: Storyteller) -> None:
    _, recalled, fresh = (short for short, _ in told.commune.villages)
    station = told.who("tyt")
    told.day(3)
    sent = told.do(lambda: way.send(station, told.lists[fresh], Leg.STATION_TO_VILLAGE), minutes=50)
    elsewhere = NotTaken(ReturnReason.WRONG_VILLAGE.value, "Hai người này ở thôn bên cạnh")
    takes = told.who("thon", fresh)
    told.do(lambda: way.take_except(takes, sent, {3: elsewhere, 8: elsewhere}))
    told.day(2)
    record_id = told.do(lambda: way.send(station, told.lists[recalled], Leg.STATION_TO_VILLAGE), minutes=40)
    told.do(lambda: signing.recall(station, record_id, reason="Phát hiện thiếu trang, trạm soạn lại"))
    clerk = told.do(lambda: actor("tyt.hanhphuc.nv"), 0)
    told.do(lambda: claims.claim(clerk, told.lists[recalled]))


def _evening(moment: datetime) -> datetime:
    """17:00 in Vietnam on the day of the moment."""
    return clock.local(moment).replace(hour=17, minute=0, second=0, microsecond=0)
