"""A file that is handed in may be so large and no larger: reading stops there, and the page says so.

The handler stands before Django's own. What is too large is neither kept in memory nor written to disk by it; the
other fields of the form are read as usual, so that the answer is a page with a message and not a broken connection.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class RefuseLarge(FileUploadHandler):
    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: bytes, encoding: str | None = None
    ) -> None:  # fmt: skip
        self._sent = content_length

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > settings.LARGEST_UPLOAD:
            assert self.request is not None
            self.request.upload_refused = {
                "name": (self.file_name or "")[:80],
                "size": f"{self._sent / 1024 / 1024:.1f} MiB",
                "limit": f"{settings.LARGEST_UPLOAD / 1024 / 1024:.0f} MiB",
            }
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
