"""Queries of messaging, by noun."""
