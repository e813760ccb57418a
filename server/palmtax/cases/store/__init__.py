"""Queries of the workbench."""
