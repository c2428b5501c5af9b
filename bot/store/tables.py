"""The tables of the store. `migrations/` makes them; a test holds the two together."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

from bot.store.columns import Characters, Json, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _belongs_to(column: str, *, index: bool = False, **options: Any) -> Column:
    """A foreign key whose rows go when their owner is erased."""
    owner = {"patient_id": "patients.id", "conversation_id": "conversations.id", "episode_id": "episodes.id"}
    return Column(
        column,
        Characters,
        ForeignKey(owner[column], ondelete="CASCADE"),
        nullable=False,
        index=index,
        **options,
    )


patients = Table(
    "patients",
    metadata,
    Column("id", Characters, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    # what the clinic calls this patient
    Column("reference", Characters, index=True),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Characters, primary_key=True),
    _belongs_to("patient_id", index=True),
    Column("channel", Characters, nullable=False),
    Column("external_id", Characters),
    Column("token_hash", Characters, nullable=False),
    Column("timezone", Characters),
    Column("locale", Characters),
    Column("country", Characters),
    Column("created_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("next_seq", Integer, nullable=False),
    Column("next_event", Integer, nullable=False),
    Column("session", Integer, nullable=False),
    UniqueConstraint("token_hash"),
    UniqueConstraint("channel", "external_id"),
)

messages = Table(
    "messages",
    metadata,
    _belongs_to("conversation_id", primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("sender", Characters, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Characters, nullable=False),
    # inbound only
    Column("client_id", Characters),
    Column("body_hash", Characters),
    Column("chosen", Json),
    Column("state", Characters),
    # outbound only
    Column("kind", Characters),
    Column("asks", Characters),
    Column("input", Characters),
    Column("key", Characters),
    Column("metadata", Json),
    Column("delivery", Characters),
    UniqueConstraint("conversation_id", "client_id"),
)
Index(
    "ix_messages_received",
    messages.c.conversation_id,
    messages.c.seq,
    sqlite_where=messages.c.state == "received",
    postgresql_where=messages.c.state == "received",
)
Index(
    "ix_messages_undelivered",
    messages.c.conversation_id,
    messages.c.seq,
    sqlite_where=messages.c.delivery == "pending",
    postgresql_where=messages.c.delivery == "pending",
)

issued_choices = Table(
    "issued_choices",
    metadata,
    Column("id", Characters, primary_key=True),
    Column("conversation_id", Characters, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("field", Characters, nullable=False),
    Column("value", Json, nullable=False),
    Column("label", Characters, nullable=False),
    ForeignKeyConstraint(
        ["conversation_id", "seq"], ["messages.conversation_id", "messages.seq"], ondelete="CASCADE"
    ),
    UniqueConstraint("conversation_id", "seq", "position"),
)

chats = Table(
    "chats",
    metadata,
    _belongs_to("conversation_id", primary_key=True),
    Column("lease_owner", Characters),
    Column("lease_until", UtcDateTime),
    # how far into which message the sender got: a long one goes out in parts
    Column("part_seq", Integer),
    Column("parts_sent", Integer, nullable=False),
    Column("unreachable_since", UtcDateTime),
)

move_tokens = Table(
    "move_tokens",
    metadata,
    Column("token_hash", Characters, primary_key=True),
    _belongs_to("conversation_id", index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

email_addresses = Table(
    "email_addresses",
    metadata,
    _belongs_to("patient_id", primary_key=True),
    Column("address", Characters, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    # a code that was sent there and is to be typed into the chat; nothing else is sent there before
    Column("code", Characters),
    Column("code_at", UtcDateTime),
    Column("code_tries", Integer, nullable=False),
    Column("confirmed_at", UtcDateTime),
    # the mail server there refused it
    Column("failed_at", UtcDateTime),
    # in every mail: whoever has it can stop the mails and nothing else
    Column("stop_token", Characters, nullable=False),
    UniqueConstraint("stop_token"),
)

emails = Table(
    "emails",
    metadata,
    Column("id", Characters, primary_key=True),
    _belongs_to("conversation_id", index=True),
    Column("check_in_id", Characters, ForeignKey("check_ins.id", ondelete="CASCADE")),
    Column("kind", Characters, nullable=False),
    Column("dedupe_key", Characters, nullable=False),
    # the first message that it is about
    Column("seq", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("status", Characters, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_owner", Characters),
    Column("lease_until", UtcDateTime),
    Column("fence", Integer, nullable=False),
    Column("ended_at", UtcDateTime),
    # how it ended, or why the last try failed: a word of ours, or a code of the mail server
    Column("outcome", Characters),
    UniqueConstraint("dedupe_key"),
    Index("ix_emails_due", "status", "due_at"),
)

tracker_events = Table(
    "tracker_events",
    metadata,
    _belongs_to("conversation_id", primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("session", Integer, nullable=False),
    Column("type", Characters, nullable=False),
    Column("ts", Float),
    Column("event", Json, nullable=False),
    Index("ix_tracker_events_session", "conversation_id", "session", "n"),
)

consents = Table(
    "consents",
    metadata,
    Column("n", Integer, primary_key=True),
    _belongs_to("patient_id", index=True),
    Column("purpose", Characters, nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("version", Characters, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("message_seq", Integer),
)

episodes = Table(
    "episodes",
    metadata,
    Column("id", Characters, primary_key=True),
    _belongs_to("conversation_id"),
    _belongs_to("patient_id", index=True),
    Column("number", Integer, nullable=False),
    Column("status", Characters, nullable=False),
    Column("triage", Characters),
    Column("flags", Json, nullable=False),
    Column("findings", Json, nullable=False),
    Column("asked", Json, nullable=False),
    Column("skipped", Json, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("waiting_since", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id", "number"),
)

facts = Table(
    "facts",
    metadata,
    _belongs_to("episode_id", primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("field", Characters, nullable=False),
    Column("value", Json, nullable=False),
    Column("words", Characters),
    Column("at", UtcDateTime, nullable=False),
    Column("message_seq", Integer),
    Column("source", Characters, nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("retracts", Integer),
)

plans = Table(
    "plans",
    metadata,
    _belongs_to("episode_id", primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("status", Characters, nullable=False),
    Column("assessment", Json, nullable=False),
    Column("rulebook", Characters),
    Column("created_at", UtcDateTime, nullable=False),
)

plan_options = Table(
    "plan_options",
    metadata,
    Column("episode_id", Characters, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("option", Characters, nullable=False),
    Column("family", Characters),
    Column("status", Characters, nullable=False),
    ForeignKeyConstraint(
        ["episode_id", "version"], ["plans.episode_id", "plans.version"], ondelete="CASCADE"
    ),
    Index("ix_plan_options_option", "option", "status"),
)

plan_reasons = Table(
    "plan_reasons",
    metadata,
    Column("episode_id", Characters, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("rule", Characters),
    Column("text", Characters),
    Column("clinician", Characters),
    Column("sources", Json, nullable=False),
    Column("facts", Json, nullable=False),
    ForeignKeyConstraint(
        ["episode_id", "version", "position"],
        ["plan_options.episode_id", "plan_options.version", "plan_options.position"],
        ondelete="CASCADE",
    ),
)

check_ins = Table(
    "check_ins",
    metadata,
    Column("id", Characters, primary_key=True),
    _belongs_to("episode_id", index=True),
    _belongs_to("conversation_id", index=True),
    Column("kind", Characters, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("wall_time", Characters, nullable=False),
    Column("zone", Characters, nullable=False),
    Column("status", Characters, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_owner", Characters),
    Column("lease_until", UtcDateTime),
    Column("fence", Integer, nullable=False),
    Column("dedupe_key", Characters, nullable=False),
    Column("asked_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    # what was asked and answered that is no clinical fact, and when to look at an open one again
    Column("notes", Json),
    Column("look_at", UtcDateTime),
    UniqueConstraint("dedupe_key"),
    Index("ix_check_ins_due", "status", "due_at"),
    Index("ix_check_ins_look", "status", "look_at"),
)

flags = Table(
    "flags",
    metadata,
    Column("id", Characters, primary_key=True),
    _belongs_to("episode_id", index=True),
    Column("code", Characters, nullable=False),
    Column("severity", Characters, nullable=False),
    Column("reason", Characters, nullable=False),
    Column("rule", Characters),
    Column("status", Characters, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
)

clinicians = Table(
    "clinicians",
    metadata,
    Column("id", Characters, primary_key=True),
    Column("name", Characters, nullable=False),
    Column("password_hash", Characters),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    Column("role", Characters, nullable=False, server_default="clinician"),
    # encrypted: the store cannot read it
    Column("second_factor", Characters),
    # the last half minute whose code was used: each code works once
    Column("second_factor_step", BigInteger),
    UniqueConstraint("name"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Characters, primary_key=True),
    _belongs_to("episode_id", index=True),
    Column("plan_version", Integer),
    Column("clinician_id", Characters, ForeignKey("clinicians.id"), nullable=False),
    Column("decision", Characters, nullable=False),
    Column("reason", Characters),
    Column("at", UtcDateTime, nullable=False),
)

remarks = Table(
    "remarks",
    metadata,
    Column("id", Characters, primary_key=True),
    _belongs_to("episode_id", index=True),
    Column("clinician_id", Characters, ForeignKey("clinicians.id"), nullable=False),
    Column("kind", Characters, nullable=False),
    Column("text", Characters, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("message_seq", Integer),
    Column("flag_id", Characters, ForeignKey("flags.id", ondelete="CASCADE")),
)

case_views = Table(
    "case_views",
    metadata,
    Column("clinician_id", Characters, ForeignKey("clinicians.id", ondelete="CASCADE"), primary_key=True),
    _belongs_to("episode_id", primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
)

clinician_sessions = Table(
    "clinician_sessions",
    metadata,
    Column("token_hash", Characters, primary_key=True),
    Column(
        "clinician_id",
        Characters,
        ForeignKey("clinicians.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    # how far the sign-in has come
    Column("stage", Characters, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("clinician_id", Characters, ForeignKey("clinicians.id", ondelete="CASCADE"), primary_key=True),
    Column("code_hash", Characters, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    # of a name that was typed, or of an address: a password in the wrong box must not be kept
    Column("key_hash", Characters, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False, index=True),
    Column("locked_until", UtcDateTime),
)

setup_tokens = Table(
    "setup_tokens",
    metadata,
    Column("token_hash", Characters, primary_key=True),
    Column(
        "clinician_id",
        Characters,
        ForeignKey("clinicians.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

audit = Table(
    "audit",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Characters, nullable=False),
    Column("action", Characters, nullable=False),
    Column("subject", Characters, nullable=False),
    Column("previous", Characters, nullable=False),
    Column("hash", Characters, nullable=False),
    Index("ix_audit_actor", "actor", "n"),
    Index("ix_audit_subject", "subject", "n"),
)
