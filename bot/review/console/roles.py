"""Who may do what: one table, and nothing else decides it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from bot.store.records import Clinician


class Permission(Enum):
    """What an address of the console is for."""

    OWN_ACCOUNT = "own account"  #: one's own second factor and sessions
    CASES = "cases"  #: reading cases, taking them away, deciding: everything that shows or tells a patient
    AUDIT = "audit"  #: the audit log, which holds names and ids and nothing that a patient wrote
    ACCOUNTS = "accounts"  #: other people's accounts


MAY: Mapping[str, frozenset[Permission]] = {
    "clinician": frozenset({Permission.OWN_ACCOUNT, Permission.CASES}),
    "lead": frozenset(Permission),
    "auditor": frozenset({Permission.OWN_ACCOUNT, Permission.AUDIT}),
}

#: in words, for whoever gives a role
ROLE_WORDS: Mapping[str, str] = {
    "clinician": "Clinician: reads and decides cases",
    "lead": "Lead: as a clinician, and manages accounts and reads the audit log",
    "auditor": "Auditor: reads the audit log, and no case",
}

_PLACES = (
    (Permission.CASES, "/", "Episodes"),
    (Permission.CASES, "/invitations", "Invitations"),
    (Permission.AUDIT, "/audit", "Audit log"),
    (Permission.ACCOUNTS, "/accounts", "Accounts"),
)


def may(clinician: Clinician, permission: Permission) -> bool:
    """Whether the account's role allows it; a role that is not known allows nothing."""
    return permission in MAY.get(clinician.role, frozenset())


def places(clinician: Clinician) -> tuple[tuple[str, str], ...]:
    """(address, name) of the pages that this account may open, for the navigation."""
    return tuple((address, name) for permission, address, name in _PLACES if may(clinician, permission))


def home(clinician: Clinician) -> str:
    """The page to begin with."""
    found = places(clinician)
    return found[0][0] if found else "/account"
