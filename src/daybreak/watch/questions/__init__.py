"""The open questions: counts of people alike in, an answer with its uncertainty and an honest verdict out. Pure but for
`answering`, which reads a snapshot's frozen tables.
"""
