"""Letting somebody in again from the portal's own machine, where no administrator is left to do it."""

from portal.clock import now
from portal.domain.errors import NotFound
from portal.domain.events import EventTag
from portal.domain.wording import say
from portal.queries import accounts
from portal.services import auditing, second_factors
from portal.services.throttling import OWN, STRANGERS, clear
from portal.services.unit_of_work import transaction


def wake(username: str, *, without_factor: bool = False) -> None:
    """Wake an account that sleeps and forget its wrong attempts; `without_factor` takes its second factor away too.

    The password stays, and so does a lock that an administrator set. Raises NotFound for an unknown name.
    """
    user = accounts.by_username(username.strip())
    if user is None:
        raise NotFound(say("Không tìm thấy tài khoản này."))
    with transaction():
        user.woken_at = now()
        for counter in (STRANGERS, OWN):
            clear(user, counter)
        auditing.record(EventTag.ACCOUNT_CHANGED, None, account=str(user.id), changes=["woken"])
        if without_factor:
            second_factors.remove(user.id)
            auditing.record(EventTag.FACTOR_REMOVED, None).user_id = user.id
