"""`python -m palmtax`."""

from palmtax.entry.command import main

main(prog_name="palmtax")
