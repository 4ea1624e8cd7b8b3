"""Pages for everyone: verification of records, health."""

from portal.web.public.routes import bp

__all__ = ["bp"]
