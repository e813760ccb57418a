"""Returns (申报): what is due, drafts filled from the pool, submitting, amending, voiding.

Owns the words obligation 申报义务, draft 草稿, correction 更正, return 申报表, amendment 更正申报, void 作废, and
declaration 申报 (what a matter filed: the result of any law). Histories are only added to. Not here: the computation
(rules), the invoices (invoice), money and late fees that are charged (payment), proofs (certificates).
"""

from palmtax.filing.actions import effects
from palmtax.filing.actions.declaring import declarations_of, declarations_of_year, filed_count
from palmtax.filing.actions.home import obligations, overdue_counts
from palmtax.filing.actions.showing import (
    drafts_of,
    explanation_of_return,
    readable_return,
    return_out,
    returns_of,
    returns_out,
)
from palmtax.filing.events import (
    DeclarationCorrected,
    DeclarationVoided,
    Declared,
    ReturnAmended,
    ReturnSubmitted,
    ReturnVoided,
)
from palmtax.filing.model.declarations import Declaration
from palmtax.filing.model.returns import Return
from palmtax.filing.schemas import DraftOut, ExplanationOut, ReturnOut, ReturnPage

__all__ = [
    "Declaration",
    "DeclarationCorrected",
    "DeclarationVoided",
    "Declared",
    "DraftOut",
    "ExplanationOut",
    "Return",
    "ReturnAmended",
    "ReturnOut",
    "ReturnPage",
    "ReturnSubmitted",
    "ReturnVoided",
    "declarations_of",
    "declarations_of_year",
    "drafts_of",
    "effects",
    "explanation_of_return",
    "filed_count",
    "obligations",
    "overdue_counts",
    "readable_return",
    "return_out",
    "returns_of",
    "returns_out",
]
