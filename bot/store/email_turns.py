"""What a turn does about reminders by e-mail: ask for proof of the address, take it, remind, forget."""

from __future__ import annotations

import dataclasses
import hmac
from datetime import timedelta

from bot.store.drafts import EmailChange, EmailDraft
from bot.store.records import EMAIL_REMINDERS, PUSH_CHANNELS, CheckIn, EmailKind
from bot.store.turn import Turn

CODE_VALID = timedelta(minutes=30)
CODE_DIGITS = 6
MOST_TRIES = 5
MOST_CODES = 5  #: within a day: nobody's mailbox may be filled from here


def send_code(turn: Turn, code: str) -> None:
    """Let a code of six digits go to the address, in place of one before."""
    if turn.email is None:
        return
    _change(turn, code=code, code_at=turn.now, code_tries=0, confirmed_at=None, failed_at=None)
    key = f"code {turn.conversation.patient_id} {turn.now.isoformat()}"
    turn.pending.emails.append(EmailDraft(EmailKind.CODE, key))


def may_send_code(turn: Turn) -> bool:
    """False when many codes went out for this patient within a day."""
    return turn.email is not None and turn.email.codes_lately < MOST_CODES


def is_waiting_for_code(turn: Turn) -> bool:
    """Whether a code that was sent may still be typed."""
    known = turn.email
    return (
        known is not None
        and known.code is not None
        and known.code_at is not None
        and turn.now - known.code_at <= CODE_VALID
        and known.code_tries < MOST_TRIES
    )


def take_code(turn: Turn, typed: str, version: str) -> bool:
    """Whether this is the code that was sent there: then the address is the patient's, and agreed to."""
    known = turn.email
    if known is None or known.code is None or not is_waiting_for_code(turn):
        return False
    if not hmac.compare_digest(known.code.encode(), typed.encode()):
        _change(turn, code_tries=known.code_tries + 1)
        return False
    _change(turn, code=None, code_at=None, code_tries=0, confirmed_at=turn.now)
    turn.consent(EMAIL_REMINDERS, granted=True, version=version)
    return True


def forget_address(turn: Turn, version: str) -> None:
    """No e-mails: the permission is taken back, and the address goes."""
    turn.consent(EMAIL_REMINDERS, granted=False, version=version)
    if turn.email is not None:
        turn.pending.email_changes.append(EmailChange(turn.email.given_at, forget=True))
        turn.email = None


def remind_by_email(turn: Turn, check_in: CheckIn, reminders: int) -> None:
    """Have one e-mail sent about an asked check-in, where the patient wants any; `reminders` came before it."""
    known = turn.email
    if known is None or not known.works or turn.conversation.channel in PUSH_CHANNELS:
        return
    if turn.consents.get(EMAIL_REMINDERS, False):
        turn.pending.emails.append(EmailDraft(EmailKind.CHECK_IN, f"{check_in.id} {reminders}", check_in.id))


def _change(turn: Turn, **values: object) -> None:
    if turn.email is not None:
        turn.pending.email_changes.append(EmailChange(turn.email.given_at, values))
        turn.email = dataclasses.replace(turn.email, **values)  # type: ignore[arg-type]
