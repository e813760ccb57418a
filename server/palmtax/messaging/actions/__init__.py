"""Verbs of messaging, by noun."""
