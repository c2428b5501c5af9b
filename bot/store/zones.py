"""Time zones by their IANA names: which of them this machine knows."""

from __future__ import annotations

import zoneinfo
from datetime import datetime

UTC = "UTC"


def is_known_zone(name: str | None) -> bool:
    """Whether times can be told in the zone; False for None and for anything that is no zone at all."""
    try:
        return name is not None and bool(zoneinfo.ZoneInfo(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False


def wall_time(at: datetime, zone: str) -> str:
    """What the clock shows in the zone at that moment, as ISO text."""
    return at.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="seconds")
