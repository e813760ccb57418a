"""Queries of payment, along its nouns. Locks: only the named functions in `orders`, never two obligations at once."""
