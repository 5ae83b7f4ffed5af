"""Who had a hand in what a workspace was copied from, so that nobody runs it unasked.

Copies that were made before get everybody who had one in any of their origins; an
origin that is gone counts as a file, whose authors nobody knows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_LINE = """
WITH RECURSIVE line (copy_id, origin_id) AS (
    SELECT id, copied_from FROM workspaces WHERE copied_from IS NOT NULL
    UNION
    SELECT line.copy_id, workspaces.copied_from
    FROM line JOIN workspaces ON workspaces.id = line.origin_id
    WHERE workspaces.copied_from IS NOT NULL
)
"""
_PEOPLE = """
INSERT INTO inherited (workspace_id, account_id)
SELECT DISTINCT line.copy_id, hands.account_id FROM line JOIN (
    SELECT id AS workspace_id, owner_id AS account_id FROM workspaces
    UNION SELECT workspace_id, account_id FROM revision_authors
    UNION SELECT workspace_id, account_id FROM changes
    UNION SELECT workspace_id, account_id FROM clients
) AS hands ON hands.workspace_id = line.origin_id
"""
_FILES = """
UPDATE workspaces SET inherited_files = (
    SELECT count(*) FROM line LEFT JOIN workspaces AS origins ON origins.id = line.origin_id
    LEFT JOIN revisions ON revisions.workspace_id = line.origin_id
        AND revisions.kind IN ('import', 'upload')
    WHERE line.copy_id = workspaces.id
        AND (origins.id IS NULL OR revisions.number IS NOT NULL)
)
WHERE copied_from IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "inherited",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_inherited_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_inherited_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", name=op.f("pk_inherited")),
    )
    op.add_column(
        "workspaces",
        sa.Column("inherited_files", sa.Integer(), nullable=False, server_default="0"),
    )
    op.execute(_LINE + _PEOPLE)
    op.execute(_LINE + _FILES)


def downgrade() -> None:
    raise NotImplementedError("Restore a backup that the older version made.")
