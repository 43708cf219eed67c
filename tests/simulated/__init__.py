"""
Batches before models in virtual time: a job of an hour takes a second, and is the same for each seed.

    virtual_time  an event loop whose clock jumps to whatever is next
    model         one model: its quota, latencies, faults by schedule, and what it was asked
    batch         a batch of questions before such models
    schedules     random batches before random models, drawn from a seed
    simulator     such a schedule played, and what came of it
    invariants    what must hold of each of them
    soak          many seeds, for as long as one likes
"""
