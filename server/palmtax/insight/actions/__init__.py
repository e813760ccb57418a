"""Asking for studies, computing them, opening single cases."""
