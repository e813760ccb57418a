"""Proofs issued to taxpayers, and checking them. Not payments (payment), not returns (filing).

Owns the words certificate 证明, verify code 查验码, superseded 已被替代. A tax-paid certificate (税收完税证明) proves
one paid order; asking again gives the same one. When its return is amended or refunded it is superseded, and asking
gives a new one. Anybody may check a code: true, superseded or unknown, and nothing that is not on the paper.

Events: certificates.issued, certificates.superseded. Listens to filing.return_amended and payment.refunded.
"""

from palmtax.certificates.actions import certificates_of, issue, readable_certificate, verify
from palmtax.certificates.events import Issued, Superseded
from palmtax.certificates.model import Certificate, Verdict, in_capitals
from palmtax.certificates.schemas import CertificateOut, shape_certificate

__all__ = [
    "Certificate",
    "CertificateOut",
    "Issued",
    "Superseded",
    "Verdict",
    "certificates_of",
    "in_capitals",
    "issue",
    "readable_certificate",
    "shape_certificate",
    "verify",
]
