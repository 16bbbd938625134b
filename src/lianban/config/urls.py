"""Every address of the web and the API."""

from django.urls import include, path

from lianban.doors.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("lianban.doors.web.urls")),
]
handler404 = "lianban.doors.web.errors.not_found"
handler400 = "lianban.doors.web.errors.not_readable"
handler403 = "lianban.doors.web.errors.not_yours"
handler500 = "lianban.doors.web.errors.failed"
