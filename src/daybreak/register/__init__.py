"""The register: frozen, versioned, pseudonymous data of every site, and the engine that reads it.

It freezes what consenting people's records hold into files that never change, signs them, and finds any
change. It may never learn a name, read an operational table outside a freeze, or hand rows upward other than
frozen.
"""
