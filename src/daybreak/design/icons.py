"""The one icon set: small line drawings on a square of 24, in the colour of the text beside them."""

from markupsafe import Markup, escape

from daybreak.design.refusals import ComponentMisused

ICONS: dict[str, str] = {
    "learn": '<path d="M2.5 9 12 4.5 21.5 9 12 13.5z"/><path d="M6.5 11v5c3 2.6 8 2.6 11 0v-5M21.5 9v5.5"/>',
    "screen": '<rect x="5" y="4.5" width="14" height="16.5" rx="2"/><path d="M9 3h6v3H9zM8.5 12l1.8 1.8 3.7-3.7M8.5 17.5h7"/>',
    "consent": '<path d="M3 20.5h18M4 17c2.5-6 5-11 6.5-10.5 2 .7-3.5 9-2 9.8 1.3.6 2.5-3.3 4-3 1.2.3.2 2.7 1.5 2.7 1.5 0 2.5-1.5 6-1.5"/>',
    "treat": '<path d="M12 3c3.5 4.2 6 7.3 6 11a6 6 0 0 1-12 0c0-3.7 2.5-6.8 6-11z"/><path d="M9.5 14.5a2.5 2.5 0 0 0 2.5 2.5"/>',
    "follow-up": '<rect x="7" y="2.5" width="10" height="19" rx="2"/><path d="M11 18.5h2M9.8 10.5l1.6 1.6 2.9-3"/>',
    "register": '<ellipse cx="12" cy="6" rx="7.5" ry="3"/><path d="M4.5 6v12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3V6M4.5 12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3"/>',
    "watch": '<path d="M3 20.5h18M3.5 14.5l4.5-4 4 3 4-6.5 4.5 3.5"/><circle cx="16" cy="7" r="1.3"/>',
    "study": '<path d="M9.5 3h5M10.5 3v6L5 18.5A1.7 1.7 0 0 0 6.5 21h11a1.7 1.7 0 0 0 1.5-2.5L13.5 9V3M8 15h8"/>',
    "evidence": '<path d="M12 6c-2-1.6-5-2-9-2v14c4 0 7 .4 9 2 2-1.6 5-2 9-2V4c-4 0-7 .4-9 2zM12 6v14"/>',
    "measure": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/><circle cx="8" cy="6.5" r="1.8"/><circle cx="16" cy="12" r="1.8"/><circle cx="11" cy="17.5" r="1.8"/>',
    "home": '<path d="M3.5 11 12 4l8.5 7M5.5 9.5V20h13V9.5M10 20v-5.5h4V20"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "patient": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4.2 3.7-6 7.5-6s6.7 1.8 7.5 6"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20c.6-3.8 3-5.5 6.5-5.5s5.9 1.7 6.5 5.5M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.8c2.3.6 3.6 2.3 4 5.2"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="2"/><path d="M3.5 10h17M8 2.5v4M16 2.5v4"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "phone": '<rect x="7" y="2.5" width="10" height="19" rx="2"/><path d="M11 18.5h2"/>',
    "call": '<path d="M5 3.5h4l1.5 5-2.3 1.7a12 12 0 0 0 5.6 5.6l1.7-2.3 5 1.5v4a1.5 1.5 0 0 1-1.5 1.5C10.5 20.5 3.5 13.5 3.5 5A1.5 1.5 0 0 1 5 3.5z"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4M12 3v2"/>',
    "check": '<path d="m4.5 12.5 5 5 10-11"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "question": '<path d="M8.5 8.8A3.5 3.5 0 0 1 12 6c2.2 0 3.7 1.4 3.7 3.2 0 2.6-3.7 3-3.7 5.8M12 18.5v.1"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "minus": '<path d="M5 12h14"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.5v.1"/>',
    "warning": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v6M12 16.4v.1"/>',
    "download": '<path d="M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4 20h16"/>',
    "print": '<path d="M7 8.5V3.5h10v5M7 16.5H3.5v-8h17v8H17M7 13.5h10v7H7z"/>',
    "edit": '<path d="M4 20h4L19.5 8.5l-4-4L4 16zM13 7l4 4"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"/>',
    "moon": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>',
    "sign-out": '<path d="M10 4H5v16h5M14.5 8l4 4-4 4M18.5 12H9.5"/>',
    "arrow": '<path d="M4.5 12h15M13.5 6l6 6-6 6"/>',
    "chevron": '<path d="m9 5 7 7-7 7"/>',
    "play": '<path d="M7 4.5v15l12-7.5z"/>',
    "pause": '<path d="M8.5 5v14M15.5 5v14"/>',
    "stop": '<rect x="6" y="6" width="12" height="12" rx="1"/>',
    "scale": '<path d="M4 20.5h16l-1.5-12h-13zM9 8.5a3 3 0 0 1 6 0M12 8.5l1.5 3"/>',
    "network-off": '<path d="m3.5 3.5 17 17M6.5 13a8 8 0 0 1 4-2.2M3 9.5a13 13 0 0 1 4.5-2.8M11.5 6a13 13 0 0 1 9.5 3.5M14.5 11.3c1.1.4 2.1 1 3 1.7M9.5 16.5a3.5 3.5 0 0 1 5 0M12 19.5v.1"/>',
}


def icon(name: str, label: str | None = None) -> Markup:
    """This function will return the icon as inline SVG; without a label it is silent to screen readers."""
    if name not in ICONS:
        raise ComponentMisused(f"There is no icon {name!r}; there are {', '.join(sorted(ICONS))}.")
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(f'<svg class="icon" viewBox="0 0 24 24" {spoken} focusable="false">{ICONS[name]}</svg>')
