"""Somebody is on leave: the head of a commune's police has given his right to sign to the deputy, key included."""

from datetime import timedelta

from portal.clock import today
from portal.domain.delegations import Capacity
from portal.services import delegations, keys
from portal.services.delegations import Terms
from portal.services.demonstration.accounts import PASSPHRASE, actor
from portal.services.sign_in import actor_for

_ABSENT, _DEPUTY = "cax.tramtau", "cax.tramtau.cb"
_DAYS = 30


def leave_a_deputy() -> None:
    """One live delegation, so that «Đổi phân công» and «KT.» can be tried at once."""
    absent, deputy = actor(_ABSENT), actor(_DEPUTY)
    number = delegations.give(
        absent,
        Terms(
            from_membership=absent.membership_id,
            to_membership=deputy.membership_id,
            valid_from=today(),
            valid_to=today() + timedelta(days=_DAYS),
            may_sign=True,
            capacity=Capacity.DEPUTY,
            document_number="12/QĐ-CAX (thử nghiệm)",
            document_date=today(),
            reason="đi học",
        ),
    )
    keys.enrol(actor_for(deputy.membership_id, number), PASSPHRASE)
