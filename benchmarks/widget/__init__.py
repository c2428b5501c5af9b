"""Our chat widget beside three public ones: what they weigh, and when a patient can type."""
