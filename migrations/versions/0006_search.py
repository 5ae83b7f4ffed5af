"""Words by which workspaces are found, and the full-text index on them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OPEN = "for_everyone = true"


def upgrade() -> None:
    op.add_column(
        "workspaces",
        sa.Column("for_everyone", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "workspaces", sa.Column("indexed_clock", sa.Integer(), nullable=False, server_default="0")
    )
    op.execute(
        "UPDATE workspaces SET for_everyone = true WHERE id IN "
        "(SELECT workspace_id FROM shares WHERE kind = 'everyone')"
    )
    op.drop_index("ix_workspaces_trashed", "workspaces")
    _partial("ix_workspaces_trashed", ["trashed"], "trashed IS NOT NULL")
    _partial("ix_workspaces_unindexed", ["id"], "clock > indexed_clock")
    _partial("ix_workspaces_open_modified", ["modified", "id"], _OPEN)
    _partial("ix_workspaces_open_created", ["created", "id"], _OPEN)
    _partial("ix_workspaces_open_name", ["sort_name", "id"], _OPEN)
    op.create_table(
        "search_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("name_words", sa.Text(), nullable=False),
        sa.Column("block_words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_search_texts_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_texts")),
        sa.UniqueConstraint("workspace_id", name=op.f("uq_search_texts_workspace_id")),
        sqlite_autoincrement=True,
    )
    statements = _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL
    for statement in statements:
        op.execute(statement)


def _partial(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "workspaces", columns, sqlite_where=condition, postgresql_where=condition)


# The words are cut already: what is kept between them is a space, and the databases' own ideas of
# words must not come into play.
_SQLITE = [
    """
    CREATE VIRTUAL TABLE search_index USING fts5(
        name_words, block_words, content = 'search_texts', content_rowid = 'id',
        tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co' tokenchars '_.:$-'",
        prefix = '2 3', detail = none
    )
    """,
    """
    CREATE TRIGGER search_texts_added AFTER INSERT ON search_texts BEGIN
        INSERT INTO search_index (rowid, name_words, block_words)
            VALUES (new.id, new.name_words, new.block_words);
    END
    """,
    """
    CREATE TRIGGER search_texts_deleted AFTER DELETE ON search_texts BEGIN
        INSERT INTO search_index (search_index, rowid, name_words, block_words)
            VALUES ('delete', old.id, old.name_words, old.block_words);
    END
    """,
    """
    CREATE TRIGGER search_texts_changed AFTER UPDATE ON search_texts BEGIN
        INSERT INTO search_index (search_index, rowid, name_words, block_words)
            VALUES ('delete', old.id, old.name_words, old.block_words);
        INSERT INTO search_index (rowid, name_words, block_words)
            VALUES (new.id, new.name_words, new.block_words);
    END
    """,
]
_POSTGRESQL = [
    """
    CREATE FUNCTION search_vector(name_words text, block_words text) RETURNS tsvector
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT array_to_tsvector(
            array_remove(string_to_array(name_words || ' ' || block_words, ' '), '')) $$
    """,
    """
    CREATE INDEX search_index ON search_texts USING gin (search_vector(name_words, block_words))
    """,
]


def downgrade() -> None:
    raise NotImplementedError("Restore a backup that the older version made.")
