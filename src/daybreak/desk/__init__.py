"""The desk: pages that gather rooms. Home, the list of patients, a patient's page, the banner, the tray.

What needs two rooms in one place is composed here and nowhere else. The desk stores nothing of its own and is never
imported, except by
config, which plugs the banner into every page.
"""
