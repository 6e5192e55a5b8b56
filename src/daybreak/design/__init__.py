"""The design room: components, base templates, styles, figures, and the gallery that shows them all.

It turns values it is given into pages and drawings. It knows no other room, reads no database, and never
decides anything.
"""
