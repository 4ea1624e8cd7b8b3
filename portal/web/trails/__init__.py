"""Trails of lists and batches."""

from portal.web.trails.routes import bp

__all__ = ["bp"]
