"""Learn: courses taken by members of staff, from the preview to a certificate that anyone can check.

A certificate is granted for a passed quiz, an evaluation and a claim, and becomes a credential in `people`. This room
may never hold clinical data, never issue a certificate without all three, never give more credit than the time taken
part, and never print the statements of an accredited provider where none is configured.
"""
