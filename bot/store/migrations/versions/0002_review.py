"""What clinicians add to a case, and when each of them last looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remarks",
        _text("id"),
        _text("episode_id"),
        _text("clinician_id"),
        _text("kind"),
        _text("text"),
        _instant("at"),
        sa.Column("message_seq", sa.Integer(), autoincrement=False, nullable=True),
        _text("flag_id", nullable=True),
        _primary_key("remarks", "id"),
        _foreign_key("remarks", ["episode_id"], "episodes", ["id"]),
        _foreign_key("remarks", ["clinician_id"], "clinicians", ["id"], cascade=False),
        _foreign_key("remarks", ["flag_id"], "flags", ["id"]),
    )
    op.create_index("ix_remarks_episode_id", "remarks", ["episode_id"])
    op.create_table(
        "case_views",
        _text("clinician_id"),
        _text("episode_id"),
        _instant("seen_at"),
        _primary_key("case_views", "clinician_id", "episode_id"),
        _foreign_key("case_views", ["clinician_id"], "clinicians", ["id"]),
        _foreign_key("case_views", ["episode_id"], "episodes", ["id"]),
    )


def downgrade() -> None:
    for table in ("case_views", "remarks"):
        op.drop_table(table)


def _text(name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str) -> Any:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _primary_key(table: str, *columns: str) -> Any:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _foreign_key(
    table: str, columns: Sequence[str], owner: str, keys: Sequence[str], *, cascade: bool = True
) -> Any:
    return sa.ForeignKeyConstraint(
        columns,
        [f"{owner}.{key}" for key in keys],
        name=f"fk_{table}_{'_'.join(columns)}",
        ondelete="CASCADE" if cascade else None,
    )
