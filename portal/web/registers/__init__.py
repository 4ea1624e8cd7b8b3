"""Registers of units: vaccination sites, staff and teams, residents, contacts."""

from portal.web.registers.routes import bp

__all__ = ["bp"]
