"""The forms of a page as a browser reads them: where each is sent, and what stands in its fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = frozenset({"text", "number", "search", "date", "time", "datetime-local", "textarea", "password"})


@dataclass
class SentForm:
    """A form: its address, what it sends as it stands, and the fields that a person types into."""

    action: str
    sends: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms = page, []
        self.open: SentForm | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("method", "").lower() == "post":
            self.open = SentForm(said.get("action") or self.page)
            self.forms.append(self.open)
        form, name, value = self.open, said.get("name", ""), said.get("value", "")
        if form is None:
            return
        kind = said.get("type", "text") if tag == "input" else tag
        if name and kind in TYPED:
            form.typed.append(name)
        elif name and kind in ("hidden", "radio", "checkbox", "button"):
            form.sends.setdefault(name, value or "on")
        elif kind == "select":
            self.select = name
        elif kind == "option" and self.select and value:
            form.sends.setdefault(self.select, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""


def forms_of(page: str, html: str) -> list[SentForm]:
    """Return the forms of a page that are sent by POST; of each choice the first is taken."""
    reader = _Reader(page)
    reader.feed(html)
    return reader.forms
