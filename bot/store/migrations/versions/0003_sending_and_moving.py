"""Channels that send by themselves: who sends into which chat, and one-time links that move a conversation."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chats",
        _text("conversation_id"),
        _text("lease_owner", nullable=True),
        _instant("lease_until", nullable=True),
        sa.Column("part_seq", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("parts_sent", sa.Integer(), autoincrement=False, nullable=False),
        _instant("unreachable_since", nullable=True),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_chats"),
        _of_a_conversation("chats"),
    )
    op.create_table(
        "move_tokens",
        _text("token_hash"),
        _text("conversation_id"),
        _instant("created_at"),
        _instant("expires_at"),
        _instant("used_at", nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name="pk_move_tokens"),
        _of_a_conversation("move_tokens"),
    )
    op.create_index("ix_move_tokens_conversation_id", "move_tokens", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("move_tokens")
    op.drop_table("chats")


def _text(name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_a_conversation(table: str) -> Any:
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversations.id"],
        name=f"fk_{table}_conversation_id",
        ondelete="CASCADE",
    )
