"""One-time links with which a clinician chooses a password, and which names an account may have."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.review.console.interface import ConsoleStore

FIRST_CLINICIAN = "clinician"
LINK_VALID = timedelta(hours=24)
LONGEST_NAME = 80
#: Who the audit log names where no account acts.
_TAKEN = frozenset({"nobody", "command line"})


def first_clinician_link(store: ConsoleStore, console_url: str, now: datetime) -> str | None:
    """A fresh link for the account "clinician", a lead, while nobody can sign in yet; else None."""
    if any(one.password_hash is not None and not one.disabled for one in store.clinicians()):
        return None
    return clinician_link(store, console_url, now, FIRST_CLINICIAN, "lead")


def clinician_link(
    store: ConsoleStore, console_url: str, now: datetime, name: str, role: str = "clinician"
) -> str:
    """A fresh link for this account, which is made with the role when there is none. Earlier links end.

    Raises ValueError for a name that `trouble_with_name` refuses, for an unknown role, and for a time
    without a zone.
    """
    if now.tzinfo is None:
        raise ValueError("the time of a link needs a zone")
    problem = trouble_with_name(name.strip())
    if problem is not None:
        raise ValueError(problem)
    token = store.issue_setup_token(name.strip(), LINK_VALID, role)
    return f"{console_url.rstrip('/')}/setup/{token}"


def trouble_with_name(name: str) -> str | None:
    """Why an account may not have this name, as a sentence that says what to do; None when it may."""
    if not name:
        return "Please give the account a name, such as dr.rossi."
    if len(name) > LONGEST_NAME:
        return f"Please choose a name of at most {LONGEST_NAME} characters."
    if not name.isprintable():
        return "Please choose a name of letters, digits, dots and spaces; this one holds hidden characters."
    if name.casefold() in _TAKEN:
        return "The audit log uses this name for something else. Please choose another."
    return None
