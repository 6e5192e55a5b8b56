"""The register: frozen, versioned, pseudonymous data of every site, and the engine that reads it.

It freezes what consenting people's records hold into files that never change, signs them, and finds any
change. It may never learn a name, read an operational table outside a freeze, or hand rows upward other than
frozen. The one look that is not kept: a clinic that asks which of its own rows a quality check means has its site
frozen into memory, and gets its own keys back (`quality.looking`).
"""
