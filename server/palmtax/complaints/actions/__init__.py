"""Verbs of complaints, by noun; `effects` is what matters may do."""
