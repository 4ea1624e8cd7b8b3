"""Persons who may stand twice: pairs side by side, and what a reviewer says of them."""

from portal.web.duplicates.routes import bp

__all__ = ["bp"]
