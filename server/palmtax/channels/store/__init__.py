"""Queries of channels, by table."""
