"""Values of complaints: what may be complained about, the clocks, states and what may follow what. Pure."""
