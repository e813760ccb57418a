"""Queries of identity: statements on hot paths name their `person_id`, `phone_hash`, `ticket_id` or `taxpayer_id`."""
