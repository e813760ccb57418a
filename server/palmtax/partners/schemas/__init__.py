"""Partners on the wire."""
