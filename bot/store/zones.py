"""Time zones by their IANA names: which of them this machine knows, and which country they are in."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib import resources

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


def country_of(zone: str | None) -> str | None:
    """ISO 3166-1 alpha-2 code of the country that the zone is named for; None for "UTC" and the like."""
    return _countries().get(_links().get(zone, zone)) if zone else None


def zones_of(country: str, at: datetime) -> tuple[str, ...]:
    """One known zone for each time that clocks show in the country at that moment, earliest clock first."""
    code = country.partition("-")[0]
    by_offset: dict[float, str] = {}
    for zone, owner in _countries().items():
        if owner == code and is_known_zone(zone):
            offset = at.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
            by_offset.setdefault(offset.total_seconds() if offset else 0.0, zone)
    return tuple(by_offset[offset] for offset in sorted(by_offset))


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, str]:
    """Zone to country, from the table that comes with the time zone database."""
    rows = [line.split("\t") for line in _table("zone.tab") if not line.startswith("#")]
    return {row[2]: row[0] for row in rows}


@lru_cache(maxsize=1)
def _links() -> Mapping[str, str]:
    """Former names to present ones: browsers still say "Asia/Calcutta"."""
    rows = [line.split() for line in _table("tzdata.zi") if line.startswith("L ")]
    return {row[2]: row[1] for row in rows if row[1] in _countries()}


def _table(name: str) -> list[str]:
    return (resources.files("pytz") / "zoneinfo" / name).read_text(encoding="utf-8").splitlines()
