"""Verbs of appointments, by noun; `effects` is what matters may do."""
