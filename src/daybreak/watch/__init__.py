"""The monitor: how ketamine is used, what it does, where harm appears, from one named snapshot of the
register.

It may never read an operational table or learn a name. Each figure is a reduction of frozen rows to
sufficient statistics and an estimator that sees only those, so the same numbers come back from a laptop, a
cluster, or hospitals that share no rows.
"""
