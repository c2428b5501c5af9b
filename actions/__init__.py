"""Rasa's custom actions: thin seams between the tracker, the clinical core and the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actions.base import BackplanAction, Services


def all_actions(services: Services) -> list[BackplanAction]:
    """Every action of the assistant, wired to `services`."""
    from actions import (
        after_intake,
        check_in,
        check_in_wishes,
        deletion,
        emails,
        intake,
        interruptions,
        permissions,
        safety,
        session,
    )

    kinds: tuple[type[BackplanAction], ...] = (
        session.ActionSessionStart,
        intake.ActionWelcome,
        intake.ActionResume,
        intake.ActionStartAgain,
        intake.ValidateIntake,
        intake.ActionAskIntakeComplete,
        safety.ActionConcludeIntake,
        safety.ActionSafety,
        safety.ActionRefusedAdvice,
        check_in.ActionBeginCheckIn,
        check_in.ActionResumeCheckIn,
        check_in.ValidateCheckIn,
        check_in.ActionAskCheckInComplete,
        check_in.ActionConcludeCheckIn,
        check_in.ActionStopCheckIn,
        check_in_wishes.ActionCheckInNow,
        check_in_wishes.ActionStopCheckIns,
        check_in_wishes.ActionStartCheckIns,
        emails.ActionStartEmails,
        emails.ActionStopEmails,
        check_in_wishes.ActionPauseCheckIns,
        after_intake.ActionAfterIntake,
        after_intake.ActionTellPlan,
        interruptions.ActionExplainQuestion,
        interruptions.ActionExplainOption,
        interruptions.ActionTellNoted,
        interruptions.ActionStop,
        interruptions.ActionDataRequest,
        interruptions.ActionUnclear,
        permissions.ActionChangeConsent,
        deletion.ActionDeleteData,
    )
    return [kind(services) for kind in kinds]
