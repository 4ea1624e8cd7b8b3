"""What was told to the person's unit, one digest a day."""

from portal.web.notices.routes import bp

__all__ = ["bp"]
