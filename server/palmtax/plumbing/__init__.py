"""Database, jobs, outbox, HTTP edge and client, files, settings, logging. No business words."""
