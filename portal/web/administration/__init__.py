"""Units and accounts within the administrator's territory."""

from portal.web.administration import certificates, delegations, successions
from portal.web.administration.routes import bp

__all__ = ["bp", "certificates", "delegations", "successions"]
