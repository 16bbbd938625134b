"""Whole pages and calls, rendered by the process that answers, without the network between."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.deployment import expect, percentile
from benchmarks.table import BenchRow

UNITS = ("police", "housing", "tax", "civil_affairs", "transport")
TIMES = 100


def pages(city: Any) -> list[BenchRow]:
    """The pages that are opened most, beside the steps: of a judge, of a unit, and one matter by page and by API."""
    from django.test import Client

    from lianban.records.keys import encoded_key

    matter = city.open(UNITS)
    city.send(matter)
    for unit in UNITS:
        city.sign_and_route(matter, unit)
        city.answer(matter, unit)
    made = []
    for username, what, address in (
        ("court.judge", "Page: my tasks, of the judge", "/"),
        ("tax.liaison", "Page: letters received, of a unit", "/letters"),
        ("court.judge", f"Page: a matter with {len(UNITS)} letters", f"/matters/{matter}"),
        ("court.judge", "Call: the same matter by the API", f"/api/v1/matters/{matter}"),
    ):
        key = encoded_key(city.session(username))
        client = Client(headers={"host": "127.0.0.1", "authorization": f"Bearer {key}"})
        client.cookies["lianban"] = key
        times = []
        for number in range(TIMES + 5):
            began = time.perf_counter()
            response = client.get(address)
            expect(response.status_code, 200, what)
            if number >= 5:  # the first ones compile the templates
                times.append(time.perf_counter() - began)
        rate, p50, p99 = TIMES / sum(times), percentile(times, 0.5), percentile(times, 0.99)
        made.append(
            BenchRow(
                what, "rendered, without the network", "", f"{rate:,.0f}/s, p50 {p50:.1f}, p99 {p99:.1f} ms"
            )
        )
    return made
