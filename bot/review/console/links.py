"""One-time links with which a clinician chooses a password."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.review.console.interface import ConsoleStore

FIRST_CLINICIAN = "clinician"
LINK_VALID = timedelta(hours=24)


def first_clinician_link(store: ConsoleStore, console_url: str, now: datetime) -> str | None:
    """A fresh link for the account "clinician" while nobody can sign in yet; else None."""
    if any(one.password_hash is not None and not one.disabled for one in store.clinicians()):
        return None
    return clinician_link(store, console_url, now, FIRST_CLINICIAN)


def clinician_link(store: ConsoleStore, console_url: str, now: datetime, name: str) -> str:
    """A fresh link for this account, which is made when there is none. Earlier links stop working.

    Raises ValueError for a name without letters, and for a time without a zone.
    """
    if now.tzinfo is None:
        raise ValueError("the time of a link needs a zone")
    token = store.issue_setup_token(name.strip(), valid=LINK_VALID)
    return f"{console_url.rstrip('/')}/setup/{token}"
