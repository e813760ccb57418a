"""Verbs of identity. A refusal that must be remembered (wrong code, token used twice) is returned, not raised:
raising would roll back the count. The caller commits and then raises it.
"""
