"""Correction lists: the table of all, and one list with what its party does to it."""

from portal.web.lists import arranging, claiming, dividing, reopening, routes, updating, verifying, work_files
from portal.web.lists.routes import bp

__all__ = ["arranging", "bp", "claiming", "dividing", "reopening", "routes", "updating", "verifying", "work_files"]
