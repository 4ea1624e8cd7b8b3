"""The embedded server's two roles and its database.

The owner changes tables; the application role only reads and writes rows, as the migrations grant it. So a fault in
a page cannot change a table, nor update or delete what the migrations made append-only.
"""

import psycopg
from psycopg import sql

from portal.settings import Settings, read_secret

OWNER_ROLE = "bangiao_owner"
APP_ROLE = "bangiao_app"
DATABASE = "bangiao"


def role_password(settings: Settings, role: str) -> str:
    """The role's password, made at first use and kept in a 0600 file."""
    return read_secret(settings.secrets_folder / role.replace("bangiao_", "database-"))


def ensure_roles(settings: Settings, superuser_url: str) -> None:
    """Make what is missing of the two roles and the database; set the passwords to those of this home."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for role in (OWNER_ROLE, APP_ROLE):
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            command = "ALTER ROLE {} PASSWORD {}" if known else "CREATE ROLE {} LOGIN PASSWORD {}"
            connection.execute(sql.SQL(command).format(sql.Identifier(role), role_password(settings, role)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE))
            )
