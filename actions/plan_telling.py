"""Telling the draft plan in pieces: what matters most first, each option with its why."""
