"""
Mathematical answers beyond one plain number, compared in a worker process of their own.

What an answer is:

    cleaned     LaTeX, Unicode and plain spelling -> one spelling
    outer       what stands outside every bracket of a text
    reading     an answer -> its structure; with `relations`, `brackets` and `wordy`
    structure   what it may be: tuple, collection, interval, relation, time, text, expression

What an expression is:

    expression  its text -> a tree, and the unit, percent sign, degrees or base around it;
                with `spelling`, `derivatives` and `units`
    parser      LaTeX -> a tree, by recursive descent; with `tokens`, `applications` and `operands`
    formula     the tree: numbers, symbols, operations
    value       its value at a point, in sixty digits; with `functions` and `matrices`
    quantities  what a unit measures

When two are the same:

    compare     structures; with `parts`, `sets`, `times`, `equations` and `solving`
    leaf        expressions: as `numbers` with their units, as functions of their letters (`points`)
    sameness    how alike, from equal over close to different

Around it:

    worker      the process that does it, killed and replaced where it takes too long
    client      questions to it
"""
