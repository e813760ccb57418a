"""Setting up, step by step: what a step needs, whether it must run again, how it is told. Standard library."""
