"""Values of cases: their states and who may act; the names of acts. Pure."""
