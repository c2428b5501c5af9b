"""What can go wrong in the store. No message here ever holds what a patient wrote, so all may be logged."""

from __future__ import annotations


class StoreError(Exception):
    """Base of everything that the store raises on purpose."""


class StoreUnavailable(StoreError):
    """The database refused or failed; nothing of the transaction was written.

    Carries only the kind of failure and the database's own code: its wording may quote row contents.
    """

    def __init__(self, kind: str, code: str | None = None) -> None:
        self.kind = kind
        self.code = code
        super().__init__(f"{kind} ({code})" if code else kind)


class ConversationUnknown(StoreError):
    """No conversation has this id, or it has been erased."""


class ConversationBusy(StoreError):
    """Another turn or a review was stored first, so this turn was not; play its message again if it waits."""


class ClientIdReused(StoreError):
    """The client id was used before with another message; the client must make a new one."""


class UnknownChoice(StoreError):
    """A tapped choice was not issued to this conversation."""


class TextTooLong(StoreError):
    """A message has more characters than `limit`."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"a message may have at most {limit} characters")


class MessageRefused(StoreError):
    """A message that cannot be stored: empty, both text and choices, or characters that are not text."""


class NaiveDatetime(StoreError, ValueError):
    """A datetime without a zone reached the store."""


class NoEpisode(StoreError):
    """The turn has no episode yet; open one first."""


class EpisodeUnknown(StoreError):
    """No episode has this id, or it has been erased."""


class LeaseLost(StoreError):
    """The check-in is no longer claimed by this worker; nothing was written."""


class PlanChanged(StoreError):
    """The plan that was reviewed is not the latest any more; read it again."""


class FlagUnknown(StoreError):
    """The episode has no such flag."""


class SetupTokenInvalid(StoreError):
    """The setup token is unknown, used, or past its hour."""


class MoveTokenInvalid(StoreError):
    """The link that moves a conversation to another channel is unknown, used, or past its hour."""


class ReferenceInvalid(StoreError):
    """The clinic's own reference for a patient is empty, too long, or more than one line."""


class ChatInUse(StoreError):
    """The chat on the other channel has a conversation with answers of its own already."""


class ClinicianUnknown(StoreError):
    """No clinician has this name or id."""
