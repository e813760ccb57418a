"""掌税 PalmTax: an intelligent palm-held tax bureau for one province."""

__version__ = "0.1.0"
