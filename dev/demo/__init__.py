"""The invented town of 云汀: reproducible people, businesses, invoices, returns and payments for demos and benches.

Everybody and everything here is made up: identity numbers carry a division that does not exist (99), phones a number
range that is not given out (154), credit codes the division 990000. Check digits are right, so that all checks run.

Doors: `demo.ready` (at every start; light), `demo.load` (fills a database), `demo.sessions` (for load generators),
`demo.crowd` (people for a rush, added to a running house).
"""
