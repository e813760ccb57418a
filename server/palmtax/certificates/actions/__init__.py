"""Verbs of certificates: tax-paid certificates, documents of matters, checking either, and the door actions."""
