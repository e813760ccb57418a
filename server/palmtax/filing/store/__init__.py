"""Every query of filing: drafts and returns."""
