"""What people and systems can ask the policy library for, by noun."""
