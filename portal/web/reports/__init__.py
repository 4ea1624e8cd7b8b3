"""Reports to the units above: what is owed, the sheets, totals with who is missing, receipts."""

from portal.web.reports import acts, files, leaves, papers, routes
from portal.web.reports.blueprint import bp

__all__ = ["acts", "bp", "files", "leaves", "papers", "routes"]
