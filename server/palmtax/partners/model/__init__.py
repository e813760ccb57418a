"""Values of partners; pure."""
