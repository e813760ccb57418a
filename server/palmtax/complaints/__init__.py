"""What taxpayers say about the service: complaints, suggestions and praise, ratings; and reports of offences.

Owns the words complaint 纳税服务投诉, category 投诉类别, rating 好差评, follow-up 差评回访, report 检举, suggestion 意见建议.
It keeps the statutory clocks: a complaint is decided on within a working day, answered in five, ten or three, extended
once; what is late goes to the office above. Who a complaint is about must not handle it; who reports an offence is
sealed. Not the officers' queue (cases hears the news and calls `answer…` back), not reconsideration or any decision
about tax.

Events: complaints.complaint_filed, complaint_escalated, complaint_withdrawn, due_changed, bad_rating_given,
report_received.
"""

from palmtax.complaints.actions import effects
from palmtax.complaints.actions.complaints import complaints_of, file_complaint, readable_complaint
from palmtax.complaints.actions.handling import (
    acts_on_complaint,
    answer,
    ask_extension,
    decide_acceptance,
    decide_extension,
    forward,
    investigate,
)
from palmtax.complaints.actions.ratings import acts_on_rating, answer_rating, forward_rating, rate_service
from palmtax.complaints.actions.reports import acts_on_report, answer_report, forward_report, report_violation
from palmtax.complaints.actions.suggestions import suggest
from palmtax.complaints.events import (
    BadRatingGiven,
    ComplaintEscalated,
    ComplaintFiled,
    ComplaintWithdrawn,
    DueChanged,
    ReportReceived,
)
from palmtax.complaints.model.complaint import STATES, Complaint
from palmtax.complaints.model.kinds import categories
from palmtax.complaints.model.rating import Rating, Report, Suggestion

__all__ = [
    "STATES",
    "BadRatingGiven",
    "Complaint",
    "ComplaintEscalated",
    "ComplaintFiled",
    "ComplaintWithdrawn",
    "DueChanged",
    "Rating",
    "Report",
    "ReportReceived",
    "Suggestion",
    "acts_on_complaint",
    "acts_on_rating",
    "acts_on_report",
    "answer",
    "answer_rating",
    "answer_report",
    "ask_extension",
    "categories",
    "complaints_of",
    "decide_acceptance",
    "decide_extension",
    "effects",
    "file_complaint",
    "forward",
    "forward_rating",
    "forward_report",
    "investigate",
    "rate_service",
    "readable_complaint",
    "report_violation",
    "suggest",
]
