"""Verbs of channels, by noun."""
