"""Where the patient is: inferred from the clock of their device where that tells it, and asked where not.

The country picks the phone numbers (clinical.md §1.3); the time zone keeps check-ins to a decent hour (§6.1).
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from actions import consent
from actions.base import Scene
from bot.store.zones import zones_of

COUNTRY, LOCAL_TIME = "country", "local_time"
OTHER, SKIP = "other", "skip"
_MOST_OFTEN = 2  #: times that the country is asked for: once with the usual ones to tap, once by its name
_HALF_AN_HOUR = 30  #: minutes by which a time that was typed may differ from the clock it means


def next_to_ask(scene: Scene) -> str | None:
    """What must still be asked about where the patient is; None when that is known or was asked in vain."""
    asked = scene.turn.asked
    if scene.country is None:
        return COUNTRY if asked.get(COUNTRY, 0) < _limit(scene) else None
    if not _needs_zone(scene):
        return None
    zones = zones_of(scene.country, scene.turn.now)
    if len(zones) == 1:
        scene.turn.locate(timezone=zones[0])
        return None
    return LOCAL_TIME if zones and (LOCAL_TIME not in asked or _stands(scene, LOCAL_TIME)) else None


def ask(scene: Scene, what: str) -> None:
    if what == LOCAL_TIME and scene.country is not None:
        taps = [(_clock(scene.turn.now, zone), zone) for zone in zones_of(scene.country, scene.turn.now)]
        scene.voice.ask_response(LOCAL_TIME, "utter_ask_local_time", "choice", taps)
    elif scene.turn.asked.get(COUNTRY, 0):
        scene.voice.ask_text_response(COUNTRY, "utter_ask_country_by_name")
    else:
        scene.voice.ask_response(COUNTRY, "utter_ask_country", "choice")


def take(scene: Scene, field: str) -> bool:
    """Take the answer in; whether there was one. What else the message tells is taken in before."""
    chosen = [str(value) for value in scene.heard.chosen_values]
    if field == LOCAL_TIME:
        return _take_local_time(scene, chosen)
    for code in chosen:
        if code not in (OTHER, SKIP):
            scene.turn.learn(COUNTRY, code, scene.heard.text, "choice")
    return bool(chosen) or COUNTRY in scene.turn.facts


def _take_local_time(scene: Scene, chosen: list[str]) -> bool:
    zones = zones_of(scene.country, scene.turn.now) if scene.country else ()
    meant = next((zone for zone in chosen if zone in zones), None)
    if meant is None and scene.heard.clock_minutes is not None:
        told = scene.heard.clock_minutes
        meant = next((zone for zone in zones if _apart(told, scene.turn.now, zone) <= _HALF_AN_HOUR), None)
    if meant is not None:
        scene.turn.locate(timezone=meant)
    return meant is not None or bool(chosen)


def _limit(scene: Scene) -> int:
    """By its name only for whoever tapped "another country"."""
    said_other = scene.heard.chosen_field == COUNTRY and OTHER in scene.heard.chosen_values
    return _MOST_OFTEN if said_other or _stands(scene, COUNTRY) else 1


def _stands(scene: Scene, what: str) -> bool:
    """Whether the patient asked something instead of answering."""
    return scene.asking == what and scene.heard.interrupts


def _needs_zone(scene: Scene) -> bool:
    return scene.turn.conversation.timezone is None and consent.granted(scene.turn, consent.CHECK_INS)


def _clock(now: datetime, zone: str) -> str:
    local = now.astimezone(ZoneInfo(zone))
    hour = local.hour % 12 or 12
    return f"{local:%H:%M} ({hour}:{local:%M} {'am' if local.hour < 12 else 'pm'})"


def _apart(minutes: int, now: datetime, zone: str) -> int:
    """Minutes between a time on the clock and the clock in the zone; the shorter way round."""
    local = now.astimezone(ZoneInfo(zone))
    apart = abs(minutes - (local.hour * 60 + local.minute))
    return min(apart, 1440 - apart)
