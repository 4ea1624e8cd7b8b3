"""The blueprint that the modules of this package add their routes to."""

from flask import Blueprint

bp = Blueprint("reports", __name__, url_prefix="/reports")
