"""Our own lints: what bit us twice, or what the house forbids and no ready tool sees.

Each lint is one module with a `STORY` (why), `GOOD` and `BAD` samples, and `findings(code) -> Iterator[Finding]`.
An exception is written on the line itself: `# lint: <name> — <reason>`; without a reason it does not count.
"""
