"""The compiled form of a rule: many taxpayers at once, bit for bit what one gets.

`lowering` turns the steps of a graph into few kinds of steps on whole numbers (`program`) with a proof of how large
each can become; `text` writes them for LLVM, `blocks` runs them on numpy; `plan` and `run` put them to work.
"""
