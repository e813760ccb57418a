"""Values of studies: what can be studied, the question, the tally."""
