"""The signed-in person's own pages."""

from portal.web.account import certificates, delegations
from portal.web.account.routes import bp

__all__ = ["bp", "certificates", "delegations"]
