"""Pages for those who watch over the reading of data."""

from portal.web.readings.routes import bp

__all__ = ["bp"]
