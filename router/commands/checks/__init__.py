"""
What `preflight` looks at before a job, one file for each question; most of a file is pure.

    remarks      fine, fix or note, one line each; several checks at once, within a time
    account      AWS as the operator's credentials see it
    invoke       the function, called as a trainer would

    function     1  is it there, under a name that trainers call?
    replies      2  does it answer as AWS's own reward check and the contract want it? (rows: samples)
    timing       3  do timeout and memory fit a batch?
    concurrency  4  may as many run at once as the recipe calls?
    models       5  can each judge model be called?
    judged       6  does the function itself reach its judges?
    quotas       7  does the account's quota carry what the policy declares?
    policy       8  is the policy in use the one on disk?
"""
