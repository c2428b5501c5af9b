"""Reminders by e-mail: what they say, how they reach the mail server, and the runner that sends them."""
