"""Values of filing: fields and their origin, what a draft comes to, a period's history, what is owed when. Pure."""
