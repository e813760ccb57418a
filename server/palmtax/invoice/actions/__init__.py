"""Verbs of invoices: the pool, quota, issuing, red letters, marks, and the door actions."""
