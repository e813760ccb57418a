"""Starts processes: web server, worker, command line; the only place that knows everybody. Not imported by anybody."""
