"""What the village's phone loads ahead and asks for again while the network comes and goes."""

from portal.web.offline.routes import bp

__all__ = ["bp"]
