"""E-mails: a patient's address with its permission, and the reminders that are to be sent there."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "email_addresses",
        _text("patient_id"),
        _text("address"),
        _instant("given_at"),
        _text("code", nullable=True),
        _instant("code_at", nullable=True),
        sa.Column("code_tries", sa.Integer(), autoincrement=False, nullable=False),
        _instant("confirmed_at", nullable=True),
        _instant("failed_at", nullable=True),
        _text("stop_token"),
        sa.PrimaryKeyConstraint("patient_id", name="pk_email_addresses"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_email_addresses_patient_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("stop_token", name="uq_email_addresses_stop_token"),
    )
    op.create_table(
        "emails",
        _text("id"),
        _text("conversation_id"),
        _text("check_in_id", nullable=True),
        _text("kind"),
        _text("dedupe_key"),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        _instant("created_at"),
        _instant("due_at"),
        _text("status"),
        sa.Column("attempts", sa.Integer(), autoincrement=False, nullable=False),
        _text("lease_owner", nullable=True),
        _instant("lease_until", nullable=True),
        sa.Column("fence", sa.Integer(), autoincrement=False, nullable=False),
        _instant("ended_at", nullable=True),
        _text("outcome", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_emails"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_emails_conversation_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_ins.id"], name="fk_emails_check_in_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("dedupe_key", name="uq_emails_dedupe_key"),
    )
    op.create_index("ix_emails_conversation_id", "emails", ["conversation_id"])
    op.create_index("ix_emails_due", "emails", ["status", "due_at"])


def downgrade() -> None:
    op.drop_table("emails")
    op.drop_table("email_addresses")


def _text(name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
