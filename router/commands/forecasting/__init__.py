"""
From recorded rollouts to what a job will cost and how long its reward calls take.

    survey      each rollout group: what is settled by rule, and the calls that the rest needs
    calls       one call to a judge before it is made: its tokens and dollars, from least to most
    spread      how far a figure may lie from the truth: the bootstrap over rollout groups
    serving     batches on an instance in simulated time: verified, waiting for the quota, for replies
    load        what models are asked, and how many instances use up a quota
    timing      how long batches take
    outlook     all of it together, for any number of samples                      <- start here
    advice      what to set before the job, and what needs looking at
    report      an outlook in words; figures: as JSON
    prices      what Lambda costs
"""
