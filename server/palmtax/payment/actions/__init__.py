"""What people and the system can ask of payment, along its nouns."""
