"""progress pages."""

from portal.web.progress.routes import bp

__all__ = ["bp"]
