"""Batches: importing a file step by step, and what became of it."""

from portal.web.batches import uploads  # noqa: F401  its routes join the blueprint
from portal.web.batches.routes import bp

__all__ = ["bp"]
