"""WeChat Pay API v3: signed requests, signed answers, notices, certificates, and the payer's cashier."""
