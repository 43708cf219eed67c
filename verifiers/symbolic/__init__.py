"""
Mathematical answers beyond one plain number, compared in a worker process of their own.

    cleaned     LaTeX, Unicode and plain spelling -> one spelling
    structure   an answer -> what it is: tuple, collection, interval, relation, text, expression
    leaf        an expression, by a LaTeX parser and a computer algebra system, and when two are equal
    compare     when two structures say the same
    worker      the process that does it, killed and replaced where it takes too long
"""
