"""Matters as values: what a file says, what answers ask for, states, search; pure."""
