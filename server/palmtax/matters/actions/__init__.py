"""Verbs of matters: browsing, drafting, handing in, deciding, themes, what is taken away."""
