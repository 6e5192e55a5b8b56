"""Who walks: one new patient, and the staff of the demonstration whom the walk needs."""

import secrets
from dataclasses import dataclass, field
from decimal import Decimal

from playwright.sync_api import Page

CLINICIAN, EXPIRED_CLINICIAN = "Ana Reyes", "Erik Lund"
NURSE, SECOND_NURSE = "Noor Haddad", "Ben Ito"
COORDINATOR, SITE_LEAD, DATA_MANAGER = "Carla Meyer", "Samuel Adeyemi", "Dana Novak"
STRANGER = "Jonas Weber"
HOME_SITE, OTHER_SITE = "aurora", "linden"


@dataclass
class Patient:
    """A patient whom nobody else has the name of, so that the walk can be repeated; the chair is theirs alone too."""

    given: str = "Mara"
    family: str = field(default_factory=lambda: f"Walk{secrets.token_hex(3)}")
    chair: str = field(default_factory=lambda: f"Chair {secrets.token_hex(3)}")
    weight_kg: Decimal = Decimal("83.3")
    key: str = ""
    session: str = ""

    @property
    def name(self) -> str:
        """The name as pages show it."""
        return f"{self.given} {self.family}"

    def page(self, room: str) -> str:
        """Return the address of a room's page about this patient."""
        return f"/at/{HOME_SITE}/{room}/{self.key}/"

    def at_session(self, page: str) -> str:
        """Return the address of a page of this patient's session."""
        return f"/at/{HOME_SITE}/treat/sessions/{self.session}/{page}/"


def answer(page: Page, question: str, choice: str) -> None:
    """Choose an answer where the question is asked."""
    page.get_by_role("group", name=question).get_by_role("radio", name=choice, exact=True).check()


def press(page: Page, words: str) -> None:
    """Press a button on the page's main part."""
    page.get_by_role("main").get_by_role("button", name=words, exact=True).click()


def follow(page: Page, words: str) -> None:
    """Follow a link on the page's main part."""
    page.get_by_role("main").get_by_role("link", name=words, exact=True).first.click()
