"""Backplan: an intake assistant for lower back pain that drafts a plan for a clinician to review."""
