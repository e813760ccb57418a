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
MESSAGES_REMOVED = Counter(
    "palmtax_messages_removed_total", "Messages removed because their time is over, by template.", ["template"]
)
CHANNEL_LIGHT = Gauge("palmtax_channel_light", "Light of a channel: 2 green, 1 amber, 0 red.", ["channel"])
CHANNEL_CALLS = Counter("palmtax_channel_calls_total", "Messages by channel and outcome.", ["channel", "outcome"])
CHANNEL_SECONDS = Histogram("palmtax_channel_seconds", "Time to hand one message over, seconds.", ["channel"])
CALLBACKS = Counter(
    "palmtax_channel_callbacks_total", "Callbacks by channel and what became of them.", ["channel", "outcome"]
)
WAITING_IN_LINE = Gauge("palmtax_waiting_in_line", "People who wait, by room.", ["room"])
WAITING_LET_IN = Counter(
    "palmtax_waiting_let_in_total", "Places whose turn came, by room (the leading process).", ["room"]
)
WAITING_TOLD = Counter("palmtax_waiting_told_total", "Answers that said: please wait.")
WAITING_FAULTS = Counter("palmtax_waiting_faults_total", "Times the waiting room failed and let everybody in.")
WAITING_PEOPLE = Gauge("palmtax_waiting_people_per_second", "People a second that can be served, as measured.")
WAITING_SLOTS = Gauge("palmtax_waiting_slots", "Requests this process works on at once, at most.")
WAITING_QUEUED = Gauge("palmtax_waiting_queued", "Requests let in that wait for a slot.")
WAITING_ERROR = Histogram(
    "palmtax_waiting_estimate_error",
    "How far the first estimate was off, as a share of it.",
    buckets=(0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2),
)
JOURNEYS = Counter("palmtax_journeys_total", "Synthetic journeys by subject and outcome.", ["subject", "outcome"])
CHANNEL_MESSAGES = Gauge(
    "palmtax_channel_calls_lately", "Calls of the last five minutes by channel and outcome.", ["channel", "outcome"]
)
CHANNEL_CALLBACKS = Gauge(
    "palmtax_channel_callbacks_lately",
    "Genuine callbacks of the last five minutes by channel and outcome.",
    ["channel", "outcome"],
)
CHANNEL_SPAN = Gauge(
    "palmtax_channel_span_seconds",
    "Percentiles of the last hour, seconds: call (of the platform), wait (from due to handed over).",
    ["channel", "what", "quantile"],
)
CHANNEL_QUOTA = Gauge("palmtax_channel_quota_left", "Messages that may still be sent today.", ["channel"])
CHANNEL_COST = Gauge("palmtax_channel_cost_fen", "Cost of today's messages, fen.", ["channel"])
CHANNEL_ON = Gauge("palmtax_channel_on", "Whether a channel is switched on.", ["channel"])
BUDGET_LEFT = Gauge(
    "palmtax_budget_left_ratio", "Error budget that is left in the period, 1 is all.", ["channel", "objective"]
)
BUDGET_BURN = Gauge(
    "palmtax_budget_burn_ratio",
    "How fast a budget burns; 1 spends it in its period.",
    ["channel", "objective", "window"],
)
JOURNEY_GOOD = Gauge("palmtax_journey_good", "Whether the last synthetic journey came through.", ["subject"])
JOURNEY_AGE = Gauge("palmtax_journey_age_seconds", "How long ago the last synthetic journey was made.", ["subject"])
TOKEN_SECONDS = Gauge("palmtax_token_seconds_left", "Life left of an access token.", ["name"])
ALERTS_OPEN = Gauge("palmtax_alerts_open", "Troubles that are not over, by kind.", ["kind"])
MESSAGES_WAITING = Gauge("palmtax_messages_waiting", "Messages that are due and not handed over, by way.", ["way"])
MESSAGES_OLDEST = Gauge("palmtax_messages_oldest_seconds", "How long the oldest of them waits.", ["way"])
MESSAGES_DEAD = Gauge("palmtax_messages_dead", "Messages that died in the last hour.")
QUEUE_AGE = Gauge("palmtax_queue_age_seconds", "How long the oldest job that is due waits.")
