"""Two who publish in the same scene at the same moment, in processes of their own: one wins, the other is told plainly,
and nothing is ever half live. The same with a deployment of the folder, and with one that is killed in the middle."""

from __future__ import annotations

import time

import pytest
from officials import MONDAY
from scene_texts import DRAWING, MOVED, RENAMED, SOURCE, TABLE, table, with_rule_task
from test_drafting import SCENE, deploy, publish, save

HEAD = f"""
import sys
from datetime import datetime
from lianban.actions.acting import Acting
from lianban.engines.errors import LianbanError
from lianban.records.context import entered

key = bytes.fromhex(sys.stdin.readline().strip())
NOW = datetime.fromisoformat("{MONDAY.isoformat()}")
"""
PUBLISHER = (
    HEAD
    + """
from lianban.actions.publish_draft import publish_draft
try:
    with entered(key) as identity:
        made = publish_draft(Acting(identity, NOW, "发布"), "{scene}", "{file}", {revision}, "同时发布")
    print("live", made.number)
except LianbanError as error:
    print(error.code, error.text("zh"))
"""
)
KILLED = (
    HEAD
    + """
import time
from lianban.actions.publish_draft import publish_draft
from lianban.records import drafts

def late(*arguments):
    print("all is written", flush=True)
    time.sleep(600)

drafts.close = late
with entered(key) as identity:
    publish_draft(Acting(identity, NOW, "发布"), "{scene}", "{file}", {revision}, "同时发布")
"""
)
DEPLOYER = """
import sys
from datetime import datetime
from django.db import connection, transaction
from lianban.records import scenes
sys.stdin.readline()
with transaction.atomic(), connection.cursor() as cursor:
    made = scenes.deploy(cursor, datetime.fromisoformat("{now}"))
print(*[f"{{one.file}}:{{one.number}}:{{one.outcome.value}}" for one in made if one.scene == "{scene}"])
"""


class Crowd:
    """Processes that all wait for the scene's lock, which the test holds until everybody is there."""

    def __init__(self, city):
        self.city, self.started, self.gate = city, [], city.connect("owner")

    def add(
        self, program: str, by: str = "court.judge", role: str = "app", waits: bool = True, **environment: str
    ):
        if not self.started:
            self.gate.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"publication {SCENE}"]
            )
        one = self.city.start_worker(program, LIANBAN_ROLE=role, **environment)
        one.stdin.write(f"{self.city.session(by).hex()}\n")
        one.stdin.flush()
        self.started.append(one)
        if waits:
            self._wait()

    def _wait(self) -> None:
        """Until everybody that was started stands in the queue; who does not take the lock never comes there."""
        until = time.monotonic() + 60
        while self.city.one(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        ) < len(self.started):
            ended = [one for one in self.started if one.poll() is not None]
            assert not ended, [one.communicate() for one in ended]
            assert time.monotonic() < until, "somebody publishes without waiting for the others"
            time.sleep(0.02)

    def close(self) -> None:
        self.gate.close()
        for one in self.started:
            one.kill()
            one.communicate(timeout=30)

    def let_go(self) -> list[str]:
        self.gate.rollback()
        said = [one.communicate(timeout=60) for one in self.started]
        assert all(one.returncode == 0 for one in self.started), said
        return [out.strip() for out, _ in said]


@pytest.fixture
def crowd(city):
    made = Crowd(city)
    yield made
    made.close()


def publisher(revision: int, file: str = DRAWING, program: str = PUBLISHER) -> str:
    return program.replace("{scene}", SCENE).replace("{file}", file).replace("{revision}", str(revision))


def whole(city, versions: int) -> None:
    """So many versions of the drawing, each with its publication and, from a page, its ledger entry."""
    assert city.column("SELECT version FROM drawing WHERE scene = %s ORDER BY 1", SCENE) == list(
        range(1, versions + 1)
    )
    assert city.one(
        "SELECT count(*) FROM publication p JOIN drawing d ON d.id = p.drawing_id AND d.version = p.number"
        " WHERE p.scene = %s AND p.file = %s AND p.digest = d.graph_hash", SCENE, DRAWING,
    ) == versions  # fmt: skip
    published = city.one("SELECT count(*) FROM publication WHERE officer_id IS NOT NULL")
    assert city.one("SELECT count(*) FROM ledger_entry WHERE act = 'scene.published'") == published
    assert city.one("SELECT count(*) FROM draft WHERE state = 'published'") == published


def test_two_publish_the_same_draft(city, crowd):
    """Exactly one publishes; the other hears who did, when and as which version, and changes nothing."""
    save(city, RENAMED)
    for _ in range(2):
        crowd.add(publisher(1))
    said = sorted(crowd.let_go())
    assert said[1] == "live 2"
    name = city.one("SELECT name FROM officer WHERE username = 'court.judge'")
    assert said[0].startswith("LB-ACTIONS-140") and name in said[0] and "第 2 版" in said[0]
    whole(city, 2)


def test_drawing_and_table_that_do_not_fit(city, crowd):
    """A drawing that asks for a decision and a table that loses it: whoever is second is refused, at its element."""
    save(city, table(), base=0, file=TABLE)
    publish(city, 1, file=TABLE)
    save(city, with_rule_task())
    save(city, table(decision="other"), base=1, file=TABLE)
    crowd.add(publisher(1))
    crowd.add(publisher(1, TABLE))
    first, second = crowd.let_go()
    assert first == "live 2"
    assert second.startswith("LB-ACTIONS-044") and "grade" in second
    whole_tables = city.rows(
        "SELECT number, content LIKE '%%\"grade\"%%' FROM publication WHERE file = %s", TABLE
    )
    assert whole_tables == [(1, True)]


def test_drawing_and_table_that_do_not_fit_the_other_way_round(city, crowd):
    """With the table first it is the drawing that is refused: the decision it asks for is gone."""
    save(city, table(), base=0, file=TABLE)
    publish(city, 1, file=TABLE)
    save(city, with_rule_task())
    save(city, table(decision="other"), base=1, file=TABLE)
    crowd.add(publisher(1, TABLE))
    crowd.add(publisher(1))
    first, second = crowd.let_go()
    assert first == "live 2"
    assert second.startswith("LB-ACTIONS-044") and "grade" in second
    whole_drawings = city.column("SELECT version FROM drawing WHERE scene = %s", SCENE)
    assert whole_drawings == [1]


@pytest.fixture
def changed_folder(tmp_path, settings):
    """A folder of scenes whose drawing was changed."""
    import shutil

    shutil.copytree(settings.SCENES / SCENE, tmp_path / "scenes" / SCENE)
    shutil.copy(settings.SCENES / "city.yaml", tmp_path / "scenes")
    (tmp_path / "scenes" / SCENE / DRAWING).write_text(MOVED.replace("审批", "批准"), "utf-8")
    return str(tmp_path / "scenes")


@pytest.mark.parametrize("page_first", [True, False])
def test_publishing_while_the_folder_is_deployed(city, crowd, changed_folder, page_first):
    """Whoever is first goes live; the other side says that both were changed, and writes nothing over it."""
    save(city, RENAMED)
    programs = [
        (publisher(1), {}),
        (
            DEPLOYER.format(now=MONDAY.isoformat(), scene=SCENE),
            {"role": "owner", "LIANBAN_SCENES": changed_folder},
        ),
    ]
    for program, more in programs if page_first else reversed(programs):
        crowd.add(program, **more)
    first, second = crowd.let_go()
    if page_first:
        assert (first, second) == ("live 2", f"{DRAWING}:2:conflict")
    else:
        assert first == f"{DRAWING}:2:live"
        assert second.startswith("LB-ACTIONS-045") and "第 2 版" in second
    whole(city, 2)
    live = city.one("SELECT d.bpmn FROM drawing d WHERE d.scene = %s ORDER BY d.version DESC LIMIT 1", SCENE)
    assert ("批准" in live) is not page_first and ("核验与登记" in live) is page_first


def test_two_deployments_at_once(city, crowd, changed_folder):
    """Two installations that start together deploy the folder once between them: the second waits for the first before
    it comes to the scene, at what it writes earlier."""
    program = DEPLOYER.format(now=MONDAY.isoformat(), scene=SCENE)
    for waits in (True, False):
        crowd.add(program, role="owner", waits=waits, LIANBAN_SCENES=changed_folder)
    assert sorted(crowd.let_go()) == ["", f"{DRAWING}:2:live"]
    whole(city, 2)


def test_publisher_is_killed(city):
    """Killed when everything is written and nothing committed: nothing is live, and the next one publishes."""
    save(city, RENAMED)
    before = city.digests()
    one = city.start_worker(publisher(1, program=KILLED), LIANBAN_ROLE="app")
    one.stdin.write(f"{city.session('court.judge').hex()}\n")
    one.stdin.flush()
    assert one.stdout.readline().strip() == "all is written", one.stderr.read()
    one.kill()
    one.communicate(timeout=30)
    assert city.digests() == before
    assert publish(city, 1).number == 2
    whole(city, 2)


def test_folder_that_does_not_fit_what_is_published(city, tmp_path, settings):
    """A folder whose table loses a decision that the page's drawing asks for is not deployed by halves."""
    import shutil

    from lianban.records import scenes

    folder = tmp_path / "scenes" / SCENE
    shutil.copytree(settings.SCENES / SCENE, folder)
    shutil.copy(settings.SCENES / "city.yaml", tmp_path / "scenes")
    settings.SCENES = tmp_path / "scenes"
    (folder / "decisions").mkdir()
    (folder / TABLE).write_text(table(), "utf-8")
    try:
        assert deploy(city) == [(TABLE, 1, "live")]
        save(city, with_rule_task())
        publish(city, 1)
        (folder / TABLE).write_text(table(decision="other"), "utf-8")
        assert deploy(city) == [(TABLE, 2, "unfit")]
        assert city.column("SELECT number FROM publication WHERE file = %s", TABLE) == [1]
        # Where the folder wins, its drawing goes live with its table.
        assert deploy(city, SCENE) == [(DRAWING, 3, "live"), (TABLE, 2, "live")]
    finally:
        scenes._loaded.cache_clear()
    assert city.one("SELECT bpmn FROM drawing WHERE scene = %s AND version = 3", SCENE) == SOURCE
