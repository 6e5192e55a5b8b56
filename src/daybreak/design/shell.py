"""What the frame around a page shows: the site, the person, the verbs they may use, what waits for them."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ShellSite:
    """The site a page is about. `zone` is an IANA name such as "Europe/Berlin"."""

    code: str
    name: str
    synthetic: bool
    zone: str


@dataclass(frozen=True, kw_only=True)
class ShellPerson:
    """The person who is signed in; `roles` are words to read, not permissions."""

    name: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RailItem:
    """One verb of the rail. `icon` is a name from `daybreak.design.icons`."""

    label: str
    url: str
    icon: str
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class SiteChoice:
    """Another site this person may go to."""

    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Shell:
    """Everything the base templates need; the context variable `shell`."""

    site: ShellSite | None = None
    person: ShellPerson | None = None
    rail: tuple[RailItem, ...] = ()
    waiting: int | None = None
    waiting_url: str | None = None
    search_url: str | None = None
    sign_out_url: str | None = None
    account_url: str | None = None
    home_url: str = "/"
    sites: tuple[SiteChoice, ...] = ()
    called_url: str | None = None
    synthetic: bool = False
    notice: str = ""
    version: str = ""
