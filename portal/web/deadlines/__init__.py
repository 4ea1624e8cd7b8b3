"""More time for a step: asking and answering; days per step of a batch."""

from portal.web.deadlines.routes import bp

__all__ = ["bp"]
