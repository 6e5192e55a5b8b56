"""What the application's pages ask of the database: every page that links lead to, opened in every role."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from daybreak.kernel.scope import Scope, current_scope

LINK = re.compile(r'href="([^"#]+)')
UNLIKE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|(?<=\?).*")  # what differs between addresses of one page


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was sent, and the scope it was sent in."""

    text: str
    values: tuple[Any, ...]
    scope: Scope


def asked_by_pages(people: Mapping[tuple[str, str], str]) -> list[Asked]:
    """Open each page once as every named holder of a (site, role), and return each query once, by its text."""
    from django.db import connection

    logging.getLogger("django.request").setLevel(logging.ERROR)  # a page that a role may not open is no news

    found: dict[str, Asked] = {}

    def keep(execute: Any, sql: str, params: Sequence[Any] | None, many: bool, context: dict[str, Any]) -> Any:
        if sql.startswith("SELECT") and current_scope().site:
            found.setdefault(sql, Asked(sql, tuple(params or ()), current_scope()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        for (site, _), name in people.items():
            _walk(site, name)
    return list(found.values())


def _walk(site: str, name: str) -> None:
    from django.test import Client

    from daybreak.people.public import Account

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Account.objects.get(name=name), backend="allauth.account.auth_backends.AuthenticationBackend")
    waiting, seen = [f"/at/{site}/"], set[str]()
    while waiting:
        address = waiting.pop(0)
        if (page := UNLIKE.sub("…", address)) in seen:
            continue
        seen.add(page)
        answer = client.get(address)
        if answer.status_code >= 500:
            raise RuntimeError(f"{address} answered {answer.status_code} to {name}.")
        if not answer.streaming and answer.headers["Content-Type"].startswith("text/html"):
            links = (urljoin(address, link.replace("&amp;", "&")) for link in LINK.findall(answer.content.decode()))
            waiting += (link for link in links if link.startswith(f"/at/{site}/"))
