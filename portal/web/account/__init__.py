"""The signed-in person's own pages."""

from portal.web.account import certificates, delegations, proving, security_keys
from portal.web.account.routes import bp

__all__ = ["bp", "certificates", "delegations", "proving", "security_keys"]
