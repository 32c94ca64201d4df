"""Many who try a citizen's link at the same time, in a database where each sees what the others wrote."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

from django.db import connections
from django.test import Client

import cast
import invited


def test_many_who_guess_at_once_are_counted_each(
    own_database: str, inside: Callable[[str], AbstractContextManager[None]]
) -> None:
    """Nobody gets more than five tries by making them at the same time; and a code is right for one alone."""
    with inside(own_database):
        from indsats.web.models import Access, CitizenLink

        whose = cast.made("caseworker")
        worker, case = Client(), whose.sample("own").case
        worker.force_login(whose.user)

        def at_once(address: str, code: str, n: int) -> list[int]:
            def one(at: int) -> int:
                try:
                    return invited.tried(address, code, Client(REMOTE_ADDR=f"10.1.0.{at}"))[1].status_code
                finally:
                    connections.close_all()

            with ThreadPoolExecutor(n) as pool:
                return list(pool.map(one, range(n)))

        address, code = invited.made(worker, case)
        assert sorted(at_once(address, code, 6)) == [302, 422, 422, 422, 422, 422]
        address, code = invited.made(worker, case)
        wrong = "000000" if code != "000000" else "111111"
        assert at_once(address, wrong, 12) == [422] * 12
        link = CitizenLink.objects.order_by("-pk")[0]
        assert (link.why, link.wrong) == ("wrong", 5)
        assert invited.tried(address, code)[1].status_code == 422
        failed = Access.objects.filter(person=case.person_id, what="link-failed")
        assert failed.filter(case=case.pk).count() == 5 + 5
