"""Check-ins: what was asked and answered in them, and when an open one is looked at again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("check_ins", sa.Column("notes", sa.Text(), nullable=True))
    op.add_column("check_ins", sa.Column("look_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_check_ins_look", "check_ins", ["status", "look_at"])


def downgrade() -> None:
    op.drop_index("ix_check_ins_look", "check_ins")
    op.drop_column("check_ins", "look_at")
    op.drop_column("check_ins", "notes")
