"""The large cohort: invented people in the form of a snapshot, made from a seed and calibrated to published figures.

Nothing in it is evidence. It stands apart from the freeze: no row of a patient is read here, and every file says
that it is synthetic.
"""
