"""Commands about clinicians' accounts: who may sign in to the console, and as what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.commands.common import console, fail, open_store, read_settings

if TYPE_CHECKING:
    from bot.store import Clinician, Store

app = typer.Typer()
clinicians_app = typer.Typer(help="Who may sign in to the console.", no_args_is_help=True)
app.add_typer(clinicians_app, name="clinicians")

_ACTOR = "command line"
_HELP_ROLE = "clinician: cases. lead: cases, accounts, audit log. auditor: audit log only."
KnownName = Annotated[str, typer.Argument(help="The name that `clinicians list` shows.")]


@clinicians_app.command("list")
def list_clinicians() -> None:
    """Who may sign in, as JSON lines."""
    with open_store(read_settings()) as store:
        for clinician in store.clinicians():
            print(json.dumps(_as_json(store, clinician)))


def _as_json(store: Store, clinician: Clinician) -> dict[str, object]:
    from bot.review.console.lockout import key_of_name

    locked = store.locked_for(key_of_name(clinician.name))
    return {
        "name": clinician.name,
        "role": clinician.role,
        "disabled": clinician.disabled,
        "password": clinician.password_hash is not None,
        "second_factor": clinician.has_second_factor,
        "locked_seconds": round(locked.total_seconds()) if locked else 0,
    }


@clinicians_app.command("add")
def add_clinician(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[str | None, typer.Option(help=_HELP_ROLE)] = None,
) -> None:
    """Print a one-time link with which this clinician sets a password and a second factor.

    For an account that exists, the link sets a new password; its second factor and its role stay.
    """
    from bot.review.console import trouble_with_name

    name = name.strip()
    problem = trouble_with_name(name)
    if problem is not None:
        fail(f"{problem} For example: backplan clinicians add dr.rossi --role clinician")
    _require_role(role)
    with open_store(read_settings()) as store:
        known = store.clinician(name)
        if known is not None and role not in {None, known.role}:
            fail(f"{name} is a {known.role} already; `backplan clinicians role` changes that.")
        _print_link(store, name, role or "clinician")
        store.write_audit(_ACTOR, f"invite {role or (known.role if known else 'clinician')}", name)


@clinicians_app.command("role")
def change_role(name: KnownName, role: Annotated[str, typer.Argument(help=_HELP_ROLE)]) -> None:
    """Change what an account is for, from its next click on."""
    _require_role(role)
    with open_store(read_settings()) as store:
        if not store.set_role(name, role):
            _nobody(name)
        store.write_audit(_ACTOR, f"set role {role}", name)
    console.print(f"{name} is a {role} now.", markup=False)


@clinicians_app.command("disable")
def disable_clinician(name: KnownName) -> None:
    """Lock a clinician out, signed in or not."""
    with open_store(read_settings()) as store:
        if not store.disable_clinician(name):
            _nobody(name)
        store.write_audit(_ACTOR, "disable clinician", name)
    console.print("Disabled.")


@clinicians_app.command("reset")
def reset_clinician(name: KnownName) -> None:
    """Phone or password lost: forget both, sign out everywhere, print a new one-time link."""
    from bot.review.console.lockout import key_of_name

    with open_store(read_settings()) as store:
        known = store.clinician(name)
        if known is None:
            _nobody(name)
        store.write_audit(_ACTOR, "reset account", name)
        store.reset_clinician(name)
        store.forget_tries(key_of_name(name))
        _print_link(store, name, known.role)


@clinicians_app.command("unlock")
def unlock_clinician(name: KnownName) -> None:
    """End the wait after too many wrong passwords or codes."""
    from bot.review.console.lockout import key_of_name

    with open_store(read_settings()) as store:
        if store.clinician(name) is None:
            _nobody(name)
        store.write_audit(_ACTOR, "unlock clinician", name)
        waited = store.forget_tries(key_of_name(name))
    console.print("Unlocked." if waited else "This account had no wrong tries.")


@clinicians_app.command("audit")
def check_audit() -> None:
    """Check that the audit log is as it was written; print the result as JSON."""
    with open_store(read_settings()) as store:
        check = store.check_audit()
    since = check.since.isoformat() if check.since else None
    print(
        json.dumps(
            {
                "rows": check.rows,
                "intact": check.intact,
                "broken_at": check.broken_at,
                "since": since,
                "last_hash": check.last_hash,
            }
        )
    )
    if not check.intact:
        fail(f"Row {check.broken_at} was changed, or a row before it removed.")


def _print_link(store: Store, name: str, role: str) -> None:
    from bot.review.console import clinician_link
    from bot.store import system_clock

    print(clinician_link(store, read_settings().console_address, system_clock(), name, role))


def _require_role(role: str | None) -> None:
    from bot.store.records import ROLES

    if role is not None and role not in ROLES:
        fail(f"There is no role {role}; use {', '.join(ROLES)}.")


def _nobody(name: str) -> NoReturn:
    fail(f"There is no clinician {name}; `backplan clinicians list` shows who there is.")
