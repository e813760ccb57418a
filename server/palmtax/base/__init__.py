"""Values that everybody shares: money, rate, period, identifiers, errors, clock, actor. Imports nothing of ours."""
