"""
Functions that run in a process of their own, as Lambda starts them.

    invoked  invoked once for each line of its input, and reports on itself
    told     given events on its input; everything that it writes is what it tells
    hurried  on a clock that leaps a minute with each invocation
    slow     whose one verifier takes a tenth of a second for each row
    sandbox  that asks each source for `solve(20)`
"""
