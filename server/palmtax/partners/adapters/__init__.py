"""How partners are called: webhooks over a guarded connection."""
