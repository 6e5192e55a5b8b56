"""Evidence holds what is published: trials, their effects pooled, and pharmacokinetic models.

Its facts are definitions, read and checked by the rulebook; each number keeps its source and how far it was checked. It
may never hold patient data, never pool a number that nobody checked without showing the result without it, never claim
to reproduce a review whose inputs are not public, and never dose anybody.
"""
