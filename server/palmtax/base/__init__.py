"""Values that everybody shares: money, rate, period, identifiers, errors, clock, actor. Imports nothing of ours.

And one reader: where in a YAML file a fault stands, for every kind of file that people write.
"""
