"""Values of filing: fields and their origin, what a draft comes to, the history of a period, what is owed when. Pure."""
