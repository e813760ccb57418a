"""Values of identity: roles and scopes, tokens, people, sessions, authorisations."""
