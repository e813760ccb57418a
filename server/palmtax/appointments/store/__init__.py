"""Queries of appointments, by noun."""
