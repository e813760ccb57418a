"""Where studies are kept (studies), what the population says of itself (page), and its columns (groups)."""
