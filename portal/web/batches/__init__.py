"""batches pages."""

from portal.web.batches.routes import bp

__all__ = ["bp"]
