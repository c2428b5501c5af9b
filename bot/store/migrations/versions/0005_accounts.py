"""Accounts: roles, a second factor with recovery codes, sessions that end when idle, and counted tries."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clinicians", sa.Column("role", sa.Text(), nullable=False, server_default="clinician"))
    op.add_column("clinicians", _text("second_factor", nullable=True))
    op.add_column("clinicians", sa.Column("second_factor_step", sa.BigInteger(), nullable=True))
    op.create_table(
        "recovery_codes",
        _text("clinician_id"),
        _text("code_hash"),
        _instant("created_at"),
        _instant("used_at", nullable=True),
        sa.PrimaryKeyConstraint("clinician_id", "code_hash", name="pk_recovery_codes"),
        _of_a_clinician("recovery_codes"),
    )
    op.create_table(
        "sign_in_tries",
        _text("key_hash"),
        sa.Column("tries", sa.Integer(), autoincrement=False, nullable=False),
        _instant("last_at"),
        _instant("locked_until", nullable=True),
        sa.PrimaryKeyConstraint("key_hash", name="pk_sign_in_tries"),
    )
    op.create_index("ix_sign_in_tries_last_at", "sign_in_tries", ["last_at"])
    op.create_index("ix_audit_actor", "audit", ["actor", "n"])
    op.create_index("ix_audit_subject", "audit", ["subject", "n"])
    # A session of before says neither how far its sign-in went nor when it was last used: everybody
    # signs in once more.
    op.drop_table("clinician_sessions")
    _make_sessions(_text("stage"), _instant("seen_at"))


def downgrade() -> None:
    op.drop_table("clinician_sessions")
    _make_sessions()
    op.drop_index("ix_audit_subject", "audit")
    op.drop_index("ix_audit_actor", "audit")
    op.drop_table("sign_in_tries")
    op.drop_table("recovery_codes")
    for column in ("second_factor_step", "second_factor", "role"):
        op.drop_column("clinicians", column)


def _make_sessions(*more: Any) -> None:
    op.create_table(
        "clinician_sessions",
        _text("token_hash"),
        _text("clinician_id"),
        _instant("created_at"),
        _instant("expires_at"),
        *more,
        sa.PrimaryKeyConstraint("token_hash", name="pk_clinician_sessions"),
        _of_a_clinician("clinician_sessions"),
    )
    op.create_index("ix_clinician_sessions_clinician_id", "clinician_sessions", ["clinician_id"])


def _text(name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_a_clinician(table: str) -> Any:
    return sa.ForeignKeyConstraint(
        ["clinician_id"], ["clinicians.id"], name=f"fk_{table}_clinician_id", ondelete="CASCADE"
    )
