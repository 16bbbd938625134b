"""Every address of the web and the API."""

from django.urls import include, path

from lianban.doors.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("lianban.doors.web.urls")),
]
handler404 = "lianban.doors.web.errors.not_found"
