"""One person of a list: the village's, the police's and the station's work on it."""

from portal.web.entries.routes import bp

__all__ = ["bp"]
