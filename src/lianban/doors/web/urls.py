"""The pages, one file a concept."""

from django.urls import path

from lianban.doors.web import health, signing

urlpatterns = [
    path("sign-in", signing.sign_in, name="sign-in"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("post", signing.change_post, name="change-post"),
    path("language", signing.language, name="language"),
    path("health", health.health, name="health"),
]
