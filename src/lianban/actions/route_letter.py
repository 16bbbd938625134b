"""分办: the liaison chooses who inside the unit handles the letter."""

from __future__ import annotations

from lianban.actions.abilities import Completing, Outcome, completes


@completes("letters.route")
def route_letter(completing: Completing) -> Outcome:
    """``handler`` is the code of a post of the same agency; empty leaves the letter to the role's pool."""
    work, letter, task = completing.work, completing.letter, completing.task
    handler = str(completing.data.get("handler") or "")
    if handler:
        work.directory.post(task.agency, handler)
    work.letters.change(letter, state="routed", routed_at=completing.at)
    return Outcome(
        variables={
            **completing.data,
            "handler_role": f"post:{handler}@branch" if handler else "handler@branch",
        },
        said={"letter": str(letter.id), "handler": handler},
        shown={"unit": completing.unit},
        milestone=False,
    )
