"""Shapes of the policy library on the wire, by noun."""
