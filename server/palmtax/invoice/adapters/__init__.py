"""Readers of the files that others write: digital invoices as XML, archives of them, exports of platforms."""
