"""The first tables: conversations, episodes with their plans and check-ins, clinicians, audit.

Written out in full and never changed afterwards: a later version is a migration of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _conversations()
    _episodes()
    _plans()
    _follow_up()
    _clinicians()


def downgrade() -> None:
    for table in (
        *("audit", "setup_tokens", "clinician_sessions", "reviews", "clinicians", "flags", "check_ins"),
        *("plan_reasons", "plan_options", "plans", "facts", "episodes", "consents", "tracker_events"),
        *("issued_choices", "messages", "conversations", "patients"),
    ):
        op.drop_table(table)


def _conversations() -> None:
    op.create_table(
        "patients",
        _text("id"),
        _instant("created_at"),
        _primary_key("patients", "id"),
    )
    op.create_table(
        "conversations",
        _text("id"),
        _text("patient_id"),
        _text("channel"),
        _text("external_id", nullable=True),
        _text("token_hash"),
        _text("timezone", nullable=True),
        _text("locale", nullable=True),
        _text("country", nullable=True),
        _instant("created_at"),
        _whole("version"),
        _whole("next_seq"),
        _whole("next_event"),
        _whole("session"),
        _primary_key("conversations", "id"),
        _foreign_key("conversations", ["patient_id"], "patients", ["id"]),
        _unique("conversations", "token_hash"),
        _unique("conversations", "channel", "external_id"),
    )
    _index("conversations", "patient_id")
    op.create_table(
        "messages",
        _text("conversation_id"),
        _whole("seq"),
        _text("sender"),
        _instant("at"),
        _text("text"),
        _text("client_id", nullable=True),
        _text("body_hash", nullable=True),
        _text("chosen", nullable=True),
        _text("state", nullable=True),
        _text("kind", nullable=True),
        _text("asks", nullable=True),
        _text("input", nullable=True),
        _text("key", nullable=True),
        _text("metadata", nullable=True),
        _text("delivery", nullable=True),
        _primary_key("messages", "conversation_id", "seq"),
        _foreign_key("messages", ["conversation_id"], "conversations", ["id"]),
        _unique("messages", "conversation_id", "client_id"),
    )
    for name, waiting in (
        ("ix_messages_received", sa.text("state = 'received'")),
        ("ix_messages_undelivered", sa.text("delivery = 'pending'")),
    ):
        op.create_index(
            name, "messages", ["conversation_id", "seq"], sqlite_where=waiting, postgresql_where=waiting
        )
    op.create_table(
        "issued_choices",
        _text("id"),
        _text("conversation_id"),
        _whole("seq"),
        _whole("position"),
        _text("field"),
        _text("value"),
        _text("label"),
        _primary_key("issued_choices", "id"),
        _foreign_key("issued_choices", ["conversation_id", "seq"], "messages", ["conversation_id", "seq"]),
        _unique("issued_choices", "conversation_id", "seq", "position"),
    )
    op.create_table(
        "tracker_events",
        _text("conversation_id"),
        _whole("n"),
        _whole("session"),
        _text("type"),
        sa.Column("ts", sa.Float()),
        _text("event"),
        _primary_key("tracker_events", "conversation_id", "n"),
        _foreign_key("tracker_events", ["conversation_id"], "conversations", ["id"]),
    )
    op.create_index("ix_tracker_events_session", "tracker_events", ["conversation_id", "session", "n"])
    op.create_table(
        "consents",
        sa.Column("n", sa.Integer(), autoincrement=True, nullable=False),
        _text("patient_id"),
        _text("purpose"),
        _yes_or_no("granted"),
        _text("version"),
        _instant("at"),
        _whole("message_seq", nullable=True),
        _primary_key("consents", "n"),
        _foreign_key("consents", ["patient_id"], "patients", ["id"]),
    )
    _index("consents", "patient_id")


def _episodes() -> None:
    op.create_table(
        "episodes",
        _text("id"),
        _text("conversation_id"),
        _text("patient_id"),
        _whole("number"),
        _text("status"),
        _text("triage", nullable=True),
        _text("flags"),
        _text("findings"),
        _text("asked"),
        _text("skipped"),
        _instant("started_at"),
        _instant("updated_at"),
        _instant("waiting_since"),
        _primary_key("episodes", "id"),
        _foreign_key("episodes", ["conversation_id"], "conversations", ["id"]),
        _foreign_key("episodes", ["patient_id"], "patients", ["id"]),
        _unique("episodes", "conversation_id", "number"),
    )
    _index("episodes", "patient_id")
    op.create_table(
        "facts",
        _text("episode_id"),
        _whole("n"),
        _text("field"),
        _text("value"),
        _text("words", nullable=True),
        _instant("at"),
        _whole("message_seq", nullable=True),
        _text("source"),
        _yes_or_no("restricted"),
        _whole("retracts", nullable=True),
        _primary_key("facts", "episode_id", "n"),
        _foreign_key("facts", ["episode_id"], "episodes", ["id"]),
    )


def _plans() -> None:
    op.create_table(
        "plans",
        _text("episode_id"),
        _whole("version"),
        _text("status"),
        _text("assessment"),
        _text("rulebook", nullable=True),
        _instant("created_at"),
        _primary_key("plans", "episode_id", "version"),
        _foreign_key("plans", ["episode_id"], "episodes", ["id"]),
    )
    op.create_table(
        "plan_options",
        _text("episode_id"),
        _whole("version"),
        _whole("position"),
        _text("option"),
        _text("family", nullable=True),
        _text("status"),
        _primary_key("plan_options", "episode_id", "version", "position"),
        _foreign_key("plan_options", ["episode_id", "version"], "plans", ["episode_id", "version"]),
    )
    op.create_index("ix_plan_options_option", "plan_options", ["option", "status"])
    option = ["episode_id", "version", "position"]
    op.create_table(
        "plan_reasons",
        _text("episode_id"),
        _whole("version"),
        _whole("position"),
        _whole("n"),
        _text("rule", nullable=True),
        _text("text", nullable=True),
        _text("clinician", nullable=True),
        _text("sources"),
        _text("facts"),
        _primary_key("plan_reasons", *option, "n"),
        _foreign_key("plan_reasons", option, "plan_options", option),
    )


def _follow_up() -> None:
    op.create_table(
        "check_ins",
        _text("id"),
        _text("episode_id"),
        _text("conversation_id"),
        _text("kind"),
        _instant("due_at"),
        _text("wall_time"),
        _text("zone"),
        _text("status"),
        _whole("attempts"),
        _text("lease_owner", nullable=True),
        _instant("lease_until", nullable=True),
        _whole("fence"),
        _text("dedupe_key"),
        _instant("asked_at", nullable=True),
        _instant("ended_at", nullable=True),
        _primary_key("check_ins", "id"),
        _foreign_key("check_ins", ["episode_id"], "episodes", ["id"]),
        _foreign_key("check_ins", ["conversation_id"], "conversations", ["id"]),
        _unique("check_ins", "dedupe_key"),
    )
    _index("check_ins", "episode_id")
    _index("check_ins", "conversation_id")
    op.create_index("ix_check_ins_due", "check_ins", ["status", "due_at"])
    op.create_table(
        "flags",
        _text("id"),
        _text("episode_id"),
        _text("code"),
        _text("severity"),
        _text("reason"),
        _text("rule", nullable=True),
        _text("status"),
        _instant("raised_at"),
        _primary_key("flags", "id"),
        _foreign_key("flags", ["episode_id"], "episodes", ["id"]),
    )
    _index("flags", "episode_id")


def _clinicians() -> None:
    op.create_table(
        "clinicians",
        _text("id"),
        _text("name"),
        _text("password_hash", nullable=True),
        _instant("created_at"),
        _instant("disabled_at", nullable=True),
        _primary_key("clinicians", "id"),
        _unique("clinicians", "name"),
    )
    op.create_table(
        "reviews",
        _text("id"),
        _text("episode_id"),
        _whole("plan_version", nullable=True),
        _text("clinician_id"),
        _text("decision"),
        _text("reason", nullable=True),
        _instant("at"),
        _primary_key("reviews", "id"),
        _foreign_key("reviews", ["episode_id"], "episodes", ["id"]),
        _foreign_key("reviews", ["clinician_id"], "clinicians", ["id"], cascade=False),
    )
    _index("reviews", "episode_id")
    op.create_table(
        "clinician_sessions",
        _text("token_hash"),
        _text("clinician_id"),
        _instant("created_at"),
        _instant("expires_at"),
        _primary_key("clinician_sessions", "token_hash"),
        _foreign_key("clinician_sessions", ["clinician_id"], "clinicians", ["id"]),
    )
    _index("clinician_sessions", "clinician_id")
    op.create_table(
        "setup_tokens",
        _text("token_hash"),
        _text("clinician_id"),
        _instant("created_at"),
        _instant("expires_at"),
        _instant("used_at", nullable=True),
        _primary_key("setup_tokens", "token_hash"),
        _foreign_key("setup_tokens", ["clinician_id"], "clinicians", ["id"]),
    )
    _index("setup_tokens", "clinician_id")
    op.create_table(
        "audit",
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        _instant("at"),
        _text("actor"),
        _text("action"),
        _text("subject"),
        _text("previous"),
        _text("hash"),
        _primary_key("audit", "n"),
    )


def _text(name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _yes_or_no(name: str) -> Any:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _primary_key(table: str, *columns: str) -> Any:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _unique(table: str, *columns: str) -> Any:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def _foreign_key(
    table: str, columns: Sequence[str], owner: str, keys: Sequence[str], *, cascade: bool = True
) -> Any:
    return sa.ForeignKeyConstraint(
        columns,
        [f"{owner}.{key}" for key in keys],
        name=f"fk_{table}_{'_'.join(columns)}",
        ondelete="CASCADE" if cascade else None,
    )


def _index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_{column}", table, [column])
