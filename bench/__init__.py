"""Measurements of the house, each beside the reference of the same run; `make bench` runs them all."""
