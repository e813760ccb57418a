"""Every query of the policy library."""
