"""What must be provable: every act with who, hat, channel and the SM3 of what was done, in the transaction of the act.

Owns the words entry 存证记录, leaf, tree head 树头. It is not a log for engineers and holds no copy of the payload:
only its digest and the few identifiers a timeline needs. The Merkle tree is grown by a task, never in a request.
"""

from palmtax.evidence.actions import append, last_acts, of_subjects, part, timeline
from palmtax.evidence.model import Entry, digest_of
from palmtax.evidence.tree import Head, current_head

__all__ = ["Entry", "Head", "append", "current_head", "digest_of", "last_acts", "of_subjects", "part", "timeline"]
