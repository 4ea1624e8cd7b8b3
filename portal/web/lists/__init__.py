"""Correction lists: the table of all, and one list with what its party does to it."""

from portal.web.lists import arranging, routes, updating
from portal.web.lists.routes import bp

__all__ = ["arranging", "bp", "routes", "updating"]
