"""trails pages."""

from portal.web.trails.routes import bp

__all__ = ["bp"]
