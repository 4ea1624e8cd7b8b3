"""The auditor's room: all records of the territory examined at once."""

from portal.web.examinations.routes import bp

__all__ = ["bp"]
