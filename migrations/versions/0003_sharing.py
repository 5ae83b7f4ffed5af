"""Copies made by links, transfers, the record of events, and groups people were in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_copies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("origin_id", sa.String(length=32), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("viewer_id", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        _account("link_copies", "account_id"),
        _account("link_copies", "viewer_id"),
        _cascading("link_copies", "workspace_id", "workspaces"),
        _cascading("link_copies", "origin_id", "workspaces"),
        _cascading("link_copies", "link_id", "share_links"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_copies")),
        sa.UniqueConstraint("workspace_id", name=op.f("uq_link_copies_workspace_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_link_copies_origin_id"), "link_copies", ["origin_id"])
    op.create_index(op.f("ix_link_copies_viewer_id"), "link_copies", ["viewer_id"])
    op.create_table(
        "transfers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        _account("transfers", "account_id"),
        _account("transfers", "created_by"),
        _cascading("transfers", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("workspace_id", name=op.f("uq_transfers_workspace_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_transfers_account_id"), "transfers", ["account_id"])
    op.create_index(op.f("ix_transfers_name"), "transfers", ["name"])
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        _account("events", "account_id"),
        _account("events", "owner_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_events_workspace_id_id"), "events", ["workspace_id", "id"])
    op.create_index(op.f("ix_events_created"), "events", ["created"])
    op.create_table(
        "memberships",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("group_name", sa.String(length=255), nullable=False),
        _account("memberships", "account_id"),
        sa.PrimaryKeyConstraint("account_id", "group_name", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_group_name"), "memberships", ["group_name"])
    op.create_index(op.f("ix_workspaces_trashed"), "workspaces", ["trashed"])


def _account(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["accounts.id"], name=op.f(f"fk_{table}_{column}_accounts")
    )


def _cascading(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"), ondelete="CASCADE"
    )


def downgrade() -> None:
    raise NotImplementedError("Restore a backup that the older version made.")
