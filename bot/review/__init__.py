"""The summary of an episode as a document, and the console in which a clinician reads it."""
