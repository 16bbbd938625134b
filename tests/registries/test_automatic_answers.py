"""Registries answer letters by themselves: what they may say, and what they leave to people."""

from __future__ import annotations


def test_answer_found_at_once(registry_city):
    """A letter whose only question a fresh registry answers is answered as it is delivered, by the agency's machine."""
    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(), "温清和", "云A12345", "某牌轿车", "2020-05-01"))
    registry_city.build()
    matter = registry_city.sent()
    (answer,) = registry_city.answers(matter, "police")
    assert answer["result"] == "yes"
    assert answer["data"]["findings"] == {"vehicles": {"found": True, "records": [
        {"subject": 1, "plate": "云A12345", "model": "某牌轿车", "registered_on": "2020-05-01"}]}}  # fmt: skip
    assert answer["officer"] is None and answer["collision"] is not None
    assert answer["source"] == "机动车登记库" and answer["as_of"] is not None
    assert city.one("SELECT role FROM post WHERE id = %s", answer["post"]) == "machine"
    assert city.letter_state(matter, "police") == "answered"
    assert city.open_tasks(matter) == [("court", "check")]
