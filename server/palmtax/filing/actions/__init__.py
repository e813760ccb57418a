"""What people do with drafts and returns, and how both are shown."""
