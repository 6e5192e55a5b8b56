"""The quarterly report: the monitor on paper, for the safety board, for a site, or for the public.

Whom it is for decides what may stand in it, by the one policy of the register.
"""
