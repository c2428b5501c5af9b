"""The chat page and widget that browsers load."""
