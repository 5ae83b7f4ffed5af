"""The processes that have people in rooms, and those people, for other processes to see."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "processes",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processes")),
    )
    op.create_table(
        "visitors",
        sa.Column("connection", sa.String(length=16), nullable=False),
        sa.Column("process_id", sa.String(length=16), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("role", sa.SmallInteger(), nullable=False),
        sa.Column("showing", sa.String(length=16), nullable=True),
        sa.Column("outputs", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["process_id"],
            ["processes.id"],
            name=op.f("fk_visitors_process_id_processes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("connection", name=op.f("pk_visitors")),
    )
    op.create_index(op.f("ix_visitors_process_id"), "visitors", ["process_id"])
    op.create_index(op.f("ix_visitors_workspace_id"), "visitors", ["workspace_id"])


def downgrade() -> None:
    raise NotImplementedError("Restore a backup that the older version made.")
