"""Queries of complaints, by noun."""
