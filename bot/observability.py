"""Logging that cannot carry what a patient wrote: ids, counts and error types only."""

from __future__ import annotations

import logging
import sys
from typing import Any

#: Loggers of libraries that put message texts, parameters or whole requests into their records.
_TALKATIVE = (
    *("rasa", "rasa_sdk", "sqlalchemy", "alembic", "asyncio", "apscheduler"),
    *("httpx", "httpcore", "telegram", "matplotlib"),
)


class _WithoutContent(logging.Filter):
    """Keeps a library's own fixed words and drops everything that was put into them."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        record.msg = f"{record.module}:{record.lineno} {error}".rstrip()
        record.args = None
        record.exc_info = None
        record.exc_text = None
        record.stack_info = None
        return True


def configure_logging(level: int = logging.INFO) -> None:
    """Log to stderr. Libraries that may quote a patient are cut down to place and error type."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        quiet(name, handler)
    _configure_structlog()
    # Rasa and what it pins warn about each other at every import: nothing an operator could act on.
    # A filter would not do, because Sanic puts its own in front of it.
    logging.captureWarnings(capture=True)
    logging.getLogger("py.warnings").handlers = [logging.NullHandler()]
    logging.getLogger("py.warnings").propagate = False


def quiet(name: str, handler: logging.Handler) -> None:
    """Let `name` and everything below it speak only from WARNING on, and without content."""
    logger = logging.getLogger(name)
    silent = logging.StreamHandler(sys.stderr)
    silent.setFormatter(handler.formatter)
    silent.addFilter(_WithoutContent())
    logger.handlers = [silent]
    logger.propagate = False
    logger.setLevel(logging.WARNING)


def _configure_structlog() -> None:
    """Rasa logs events with their whole content through structlog, to stdout, unless told otherwise."""
    import structlog

    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _event_only],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=True,
    )


def _event_only(_logger: Any, _method: str, event: dict[str, Any]) -> str:
    return str(event.get("event", ""))[:80] if _is_event_key(event.get("event")) else "event"


def _is_event_key(event: object) -> bool:
    return isinstance(event, str) and event.replace(".", "").replace("_", "").isalnum()
