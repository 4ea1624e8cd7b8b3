"""The inbox: what waits for this person."""

from portal.web.home.routes import bp

__all__ = ["bp"]
