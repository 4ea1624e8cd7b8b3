"""Records of handovers: preview and signing, taking, refusing, recalling, the receipt."""

from portal.web.handovers import files, routes, turning
from portal.web.handovers.blueprint import bp

__all__ = ["bp", "files", "routes", "turning"]
