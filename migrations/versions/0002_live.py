"""A log of changes in place of automatic saves; the content of the head is a revision's."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _mark_heads()
    op.add_column("workspaces", sa.Column("head_clock", sa.Integer(), nullable=True))
    op.execute("UPDATE workspaces SET head_clock = clock")
    with op.batch_alter_table("workspaces") as workspaces:
        workspaces.alter_column("head_clock", existing_type=sa.Integer(), nullable=False)
        workspaces.drop_column("sitting")
    op.drop_column("revisions", "sitting")
    _add_tables()


def _mark_heads() -> None:
    """Automatic saves that no revision holds become one."""
    op.execute(
        "INSERT INTO revisions (workspace_id, number, clock, content_id, kind, created) "
        "SELECT id, revision + 1, clock, head_id, 'automatic', modified "
        "FROM workspaces WHERE unmarked_since IS NOT NULL"
    )
    op.execute(
        "INSERT INTO revision_authors (workspace_id, number, account_id) "
        "SELECT id, revision + 1, modified_by FROM workspaces WHERE unmarked_since IS NOT NULL"
    )
    op.execute(
        "UPDATE workspaces SET revision = revision + 1, unmarked_since = NULL "
        "WHERE unmarked_since IS NOT NULL"
    )


def _add_tables() -> None:
    op.create_table(
        "changes",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("clock", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(length=64), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("patch", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_changes_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_changes_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "clock", name=op.f("pk_changes")),
        sa.UniqueConstraint(
            "workspace_id",
            "account_id",
            "client",
            "n",
            name=op.f("uq_changes_workspace_id_account_id_client_n"),
        ),
    )
    op.create_table(
        "clients",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("last_n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_clients_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_clients_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", "client", name=op.f("pk_clients")),
    )
    op.create_table(
        "snapshots",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("clock", sa.Integer(), nullable=False),
        sa.Column("records", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_snapshots_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_snapshots")),
    )


def downgrade() -> None:
    raise NotImplementedError("Restore a backup that the older version made.")
