"""From frozen rows to sufficient statistics, as expressions that any engine of ibis can run. None keeps a
person's row.
"""
