"""The job queue's tables (procrastinate 3.10) and what the application role needs of them.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

from portal.queueing import GRANTS, schema_sql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    # Many statements in one go: only the driver itself takes them.
    connection.connection.driver_connection.execute(schema_sql())
    app_role = op.get_context().config.attributes["app_role"]
    for grant in GRANTS:
        connection.exec_driver_sql(grant.format(role=connection.dialect.identifier_preparer.quote(app_role)))


def downgrade() -> None:
    op.execute(
        """
        DO $$
        DECLARE thing text;
        BEGIN
          DROP TABLE procrastinate_periodic_defers, procrastinate_events, procrastinate_jobs, procrastinate_workers
            CASCADE;
          FOR thing IN SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'procrastinate\\_%' LOOP
            EXECUTE 'DROP FUNCTION ' || thing || ' CASCADE';
          END LOOP;
          FOR thing IN SELECT typname FROM pg_type WHERE typname IN
            ('procrastinate_job_status', 'procrastinate_job_event_type', 'procrastinate_job_to_defer_v1') LOOP
            EXECUTE 'DROP TYPE ' || thing || ' CASCADE';
          END LOOP;
        END $$
        """
    )
