"""Looking for people across lists."""

from portal.web.people.routes import bp

__all__ = ["bp"]
