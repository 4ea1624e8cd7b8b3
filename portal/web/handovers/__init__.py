"""Records of handovers: preview and signing, taking, refusing, recalling, the receipt."""

from portal.web.handovers import adjusting, agents, files, ink, legend, routes, taking_in_part, turning, ways
from portal.web.handovers.blueprint import bp

__all__ = ["adjusting", "agents", "bp", "files", "ink", "legend", "routes", "taking_in_part", "turning", "ways"]
