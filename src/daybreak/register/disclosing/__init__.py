"""Numbers about groups that are told to others: suppressed, rounded, and checked against everything told before."""
