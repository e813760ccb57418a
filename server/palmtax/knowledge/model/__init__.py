"""Values of the policy library: pure, no I/O."""
