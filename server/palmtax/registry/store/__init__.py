"""Queries of the registry, by noun."""
