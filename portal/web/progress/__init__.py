"""Progress over a territory, and what keeps it waiting."""

from portal.web.progress.routes import bp

__all__ = ["bp"]
