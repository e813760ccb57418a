"""Matters on the wire."""
