"""What can go wrong on a page, in words for whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException


class PageError(HTTPException):
    """Becomes a page with a title and one or two sentences that say what to do next."""

    def __init__(
        self, status_code: int, title: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status_code, detail, headers)
        self.title = title


#: For errors that the framework raises, which have no words for people.
PLAIN: Mapping[int, tuple[str, str]] = {
    400: ("Not readable", "The request could not be read. Please go back and try again."),
    404: ("Not found", "There is no page at this address. It may have been deleted."),
    405: ("Not possible here", "This address does not do that. Please go back to the list."),
    500: ("Something went wrong", "It has been noted without any content. Please try again."),
    503: ("The database does not answer", "Please try again in a moment; nothing was changed."),
}
