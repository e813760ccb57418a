"""Every query of the invoice domain: the pool and the imports."""
