"""Verbs of the registry: asking for taxpayers, their records, changes of what is registered, and the door actions."""
