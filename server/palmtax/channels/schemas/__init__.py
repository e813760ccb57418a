"""Shapes of channels on the wire."""
