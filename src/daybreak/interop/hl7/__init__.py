"""HL7 v2 from patient monitors: messages over MLLP in, readings of a session out, an acknowledgement back.

An acknowledgement says only what is committed. A reading whose place is not known waits in the tray and is never
guessed. Nothing of a message that could name a person is kept: the segments with names are not read.
"""
