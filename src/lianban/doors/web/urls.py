"""The pages, one file a concept."""

from django.urls import path

from lianban.doors.web import documents, figures, health, ledger, letters, matters, signing, tasks, theme, verify

urlpatterns = [
    path("", tasks.my_tasks, name="tasks"),
    path("home", signing.home, name="home"),
    path("tasks/<uuid:task_id>", tasks.task, name="task"),
    path("tasks/<uuid:task_id>/<slug:verb>", tasks.act, name="task-act"),
    path("letters", letters.letters, name="letters"),
    path("letters/<uuid:letter_id>", letters.letter, name="letter"),
    path("letters/<uuid:letter_id>/letter.pdf", letters.document, name="letter-document"),
    path("letters/<uuid:letter_id>/<slug:verb>", letters.act, name="letter-act"),
    path("identifiers/<uuid:identifier>", letters.see, name="unmask"),
    path("matters", matters.matters, name="matters"),
    path("matters/recent", matters.recent, name="recent"),
    path("matters/new/<slug:scene>", matters.new, name="matter-new"),
    path("matters/<uuid:matter_id>", matters.matter, name="matter"),
    path("matters/<uuid:matter_id>/drawing", matters.drawing, name="drawing"),
    path("matters/<uuid:matter_id>/live.json", matters.live_steps, name="live-steps"),
    path("matters/<uuid:matter_id>/withdraw", matters.withdraw, name="matter-withdraw"),
    path("matters/<uuid:matter_id>/files", matters.upload, name="upload"),
    path("matters/<uuid:matter_id>/parts/<slug:name>", matters.section, name="section"),
    path("documents/<uuid:document_id>", documents.document, name="document"),
    path("figures", figures.figures, name="figures"),
    path("figures/<slug:scene>/<slug:code>", figures.behind, name="figure-matters"),
    path("ledger", ledger.ledger, name="ledger"),
    path("ledger/<uuid:entry>/proof.json", ledger.proof, name="proof"),
    path("sign-in", signing.sign_in, name="sign-in"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("post", signing.change_post, name="change-post"),
    path("language", signing.language, name="language"),
    path("theme", theme.theme, name="theme"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<slug:digest>", verify.verify, name="verify-code"),
    path("health", health.health, name="health"),
]
