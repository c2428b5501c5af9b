"""Check-ins that always happen, once, at a decent hour: claim, ask, remind, give up."""
