"""Files that are handed in: up to the limit kept with their digest, over it refused without being read."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

MIB = 1024 * 1024


@pytest.fixture
def matter(city):
    made = city.open()
    city.send(made)
    return made


def test_thirty_megabytes_are_refused_in_words(city, matter, browse, read):
    """Over the limit: a page that says what came, what is allowed and what to do, and no row and no event."""
    for language, words in (("zh-hans", "超过上限 20 MiB"), ("en", "over the limit of 20 MiB")):
        large = SimpleUploadedFile("案卷.pdf", b"\0" * (30 * MIB), "application/pdf")
        response = browse("court.clerk", language).post(
            f"/matters/{matter}/files", {"file": large, "letter": ""}
        )
        assert response.status_code == 413
        text = read(response).text
        assert words in text
        assert "30.0 MiB" in text
    assert city.one("SELECT count(*) FROM document WHERE kind = 'file'") == 0
    assert city.one("SELECT count(*) FROM event WHERE kind = 'document.added'") == 0


def test_refusal_of_a_part_stays_a_part(matter, browse):
    """Sent by a script from a page that must not be left, the refusal is a message for its place there."""
    large = SimpleUploadedFile("案卷.pdf", b"\0" * (21 * MIB), "application/pdf")
    response = browse("court.clerk").post(f"/matters/{matter}/files", {"file": large}, HTTP_HX_REQUEST="true")
    assert response.status_code == 413
    assert b"<html" not in response.content
    assert "超过上限" in response.content.decode()


def test_largest_file_is_kept_whole(city, matter, browse, read):
    """Exactly the limit goes through, is listed with its digest, and comes back byte for byte as a download."""
    content = b"%PDF-1.7\n" + b"x" * (20 * MIB - 9)
    client = browse("court.clerk")
    response = client.post(
        f"/matters/{matter}/files",
        {"file": SimpleUploadedFile("案卷.pdf", content), "back": "https://example.org"},
    )
    assert (response.status_code, response["Location"]) == (302, f"/matters/{matter}")
    digest = hashlib.sha256(content).hexdigest()
    assert digest in client.get(f"/matters/{matter}/parts/documents").content.decode()
    key = city.one("SELECT id FROM document WHERE kind = 'file'")
    download = client.get(f"/documents/{key}")
    assert download["Content-Disposition"].startswith("attachment")
    assert hashlib.sha256(download.content).hexdigest() == digest
    assert browse("tax.liaison").get(f"/documents/{key}").status_code == 404


@pytest.mark.parametrize(("name", "content"), [("run.exe", b"MZ"), ("empty.pdf", b""), ("page.html", b"<p>")])
def test_wrong_files_are_refused(city, matter, browse, read, name, content):
    """What runs, what is empty and what nobody exchanges is refused, with the kinds that are taken."""
    response = browse("court.clerk").post(
        f"/matters/{matter}/files", {"file": SimpleUploadedFile(name, content)}
    )
    assert response.status_code == 409
    assert "pdf" in read(response).text
    assert city.one("SELECT count(*) FROM document WHERE kind = 'file'") == 0


def test_missing_file_is_told(matter, browse, read):
    """A form sent without a file says so."""
    assert browse("court.clerk").post(f"/matters/{matter}/files", {}).status_code == 409


@pytest.mark.parametrize("declared", [True, False])
def test_huge_body_never_reaches_the_disk(declared):
    """Several times the limit is drained and answered in both languages before the application hears of it; without a
    declared length it is cut off at the limit."""
    import asyncio

    from lianban.doors.web.limits import BodyLimit

    reached: list[int] = []

    async def application(scope, receive, send):
        while (message := await receive())["type"] == "http.request" and message.get("more_body"):
            reached.append(len(message["body"]))
        reached.append(-1 if message["type"] == "http.disconnect" else 0)

    parts = [{"type": "http.request", "body": b"x" * 100, "more_body": n < 9} for n in range(10)]
    sent: list[dict] = []

    async def receive():
        return parts.pop(0)

    async def send(message):
        sent.append(message)

    headers = [(b"content-length", b"1000")] if declared else []
    asyncio.run(
        BodyLimit(application, most=400, limit=100)({"type": "http", "headers": headers}, receive, send)
    )
    if declared:
        assert (reached, parts, sent[0]["status"]) == ([], [], 413)
        assert "超过上限" in sent[1]["body"].decode()
        assert "over the limit" in sent[1]["body"].decode()
    else:
        assert reached == [100, 100, 100, 100, -1]
