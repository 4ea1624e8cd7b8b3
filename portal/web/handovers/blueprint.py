"""The blueprint that the handover pages share."""

from flask import Blueprint

bp = Blueprint("handovers", __name__)
