"""Sheets for a village that writes on paper: print them, find one by its code, enter it row by row."""

from portal.web.sheets.routes import bp

__all__ = ["bp"]
