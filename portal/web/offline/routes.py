"""The people of a list loaded ahead, and a fresh form token for what waits in the outbox."""

from dataclasses import asdict
from uuid import UUID

from flask import Blueprint, Response, jsonify, request, url_for
from flask_wtf.csrf import generate_csrf

from portal.domain.permissions import Permission
from portal.domain.stages import Party
from portal.domain.transitions import Action
from portal.queries import entries as queries
from portal.services.transitions import load_list
from portal.web.access import current_actor, requires, signed_in
from portal.web.entries.pages import SCREENS, offered_screen, person_part
from portal.web.outbox import outbox_of

bp = Blueprint("offline", __name__)


@bp.get("/outbox")
@requires(Permission.ENTRY_CORRECT)
def keys() -> Response:
    """Key, owner and form token of the living session, for a page that was drawn in an earlier one."""
    mine = outbox_of(signed_in())
    return jsonify(token=generate_csrf(), **(asdict(mine) if mine else {}))


@bp.get("/lists/<uuid:list_id>/people")
@requires(Permission.ENTRY_CORRECT)
def people(list_id: UUID) -> Response:
    """The screens of the next people without a conclusion, to work on while the network is away.

    Empty where the work is not offered now: the screens show whole numbers to the holder alone.
    """
    actor = current_actor()
    of_list = load_list(actor, list_id)
    if offered_screen(actor, of_list) is not SCREENS[Action.CORRECT]:
        return jsonify(people=[])
    after = request.args.get("after", default=0, type=int)
    ahead = queries.next_people(actor, list_id, Party.VILLAGE, after)
    return jsonify(
        people=[
            {
                "path": url_for("entries.show", list_id=list_id, number=entry.number),
                "html": person_part(of_list, entry),
            }
            for entry in ahead
        ]
    )
