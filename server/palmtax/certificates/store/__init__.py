"""Queries of certificates, by noun."""
