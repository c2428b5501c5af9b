"""Telegram: the same dialogue and store as the web chat, by long polling or by webhook."""

from __future__ import annotations

from bot.channels.telegram.channel import TelegramChannel, TelegramOptions
from bot.channels.telegram.pace import Pace

__all__ = ["Pace", "TelegramChannel", "TelegramOptions"]
