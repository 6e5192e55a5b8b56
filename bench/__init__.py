"""The bars: figures of speed, of reliability and of security, each measured beside its reference in one run.

`make bench` runs the bars of speed (P1, P2 …), `make faults` those of reliability and security (R1, R2 …). How a bar is
added says README.md beside this file. Nothing here ships.
"""
