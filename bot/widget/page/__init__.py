"""The plain full-page chat; served by `bot.channels.page`."""
