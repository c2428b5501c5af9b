"""E-mail addresses in what a patient types: found, checked, and kept out of the text that others read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

#: What stands in the conversation in place of an address, or of what was meant as one.
ADDRESS, NO_ADDRESS = "(e-mail address)", "(an address that is not whole)"

LONGEST = 254  #: characters of an address (RFC 5321 §4.5.3.1)
_LONGEST_NAME = 64
_AROUND = "<>()[]{}\"'`.,;:!?*"
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
#: Spaces that a phone's keyboard puts around the sign.
_LOOSE_SIGN = re.compile(r"\s*@\s*")


@dataclass(frozen=True)
class Typed:
    """A message without the address in it. `address` is None when what was meant as one cannot be one."""

    text: str
    address: str | None = field(repr=False)


def without_address(text: str) -> Typed | None:
    """Take the address out of a message; None when the message holds no @ at all.

    One whole address counts. Of several, or of none that is whole, nothing is kept.
    """
    plain = unicodedata.normalize("NFKC", text)
    if "@" not in plain:
        return None
    words = _LOOSE_SIGN.sub("@", plain).split()
    meant = [word for word in words if "@" in word]
    found = {address for word in meant if (address := checked(word)) is not None}
    address = found.pop() if len(found) == 1 and len(set(meant)) == 1 else None
    sign = NO_ADDRESS if address is None else ADDRESS
    return Typed(" ".join(sign if "@" in word else word for word in words), address)


def checked(word: str) -> str | None:
    """The address as mail servers write it, or None: `name@host.tld` in plain letters, no quotes, no IP."""
    word = word.strip(_AROUND).removeprefix("mailto:")
    name, sign, host = word.rpartition("@")
    if not sign or len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        return None
    try:
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    *labels, top = host.split(".")
    if not labels or not _TOP.fullmatch(top) or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    address = f"{name}@{host}"
    return address if len(address) <= LONGEST else None
