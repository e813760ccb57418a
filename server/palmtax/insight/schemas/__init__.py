"""Shapes of insight on the wire."""
