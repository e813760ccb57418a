"""Queries of matters."""
