"""Queries of partners."""
