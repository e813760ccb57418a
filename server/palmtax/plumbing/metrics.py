"""The counters and clocks that /metrics shows."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("palmtax_requests_total", "Requests by route and status.", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "palmtax_request_seconds",
    "Time to answer, seconds.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
REFUSALS = Counter("palmtax_refusals_total", "Refusals by code.", ["code"])
JOBS = Counter("palmtax_jobs_total", "Jobs by name and outcome.", ["name", "outcome"])
JOB_SECONDS = Histogram("palmtax_job_seconds", "Time of one job, seconds.", ["name"])
QUEUE = Gauge("palmtax_queue_jobs", "Jobs in the queue by status.", ["status"])
OUTSIDE_CALLS = Counter("palmtax_outside_calls_total", "Calls to partners by answer.", ["partner", "status"])
OUTSIDE_SECONDS = Histogram("palmtax_outside_seconds", "Time of calls to partners, seconds.", ["partner"])
TOKEN_FETCHES = Counter(
    "palmtax_token_fetches_total", "Access tokens asked for, by name and outcome.", ["name", "outcome"]
)
CHANNEL_LIGHT = Gauge("palmtax_channel_light", "Light of a channel: 2 green, 1 amber, 0 red.", ["channel"])
CHANNEL_CALLS = Counter("palmtax_channel_calls_total", "Messages by channel and outcome.", ["channel", "outcome"])
CHANNEL_SECONDS = Histogram("palmtax_channel_seconds", "Time to hand one message over, seconds.", ["channel"])
CALLBACKS = Counter(
    "palmtax_channel_callbacks_total", "Callbacks by channel and what became of them.", ["channel", "outcome"]
)
