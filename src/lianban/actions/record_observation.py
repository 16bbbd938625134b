"""Record one thing that happened: the step a replayed case log, or a diary kept by hand, consists of."""

from __future__ import annotations

from lianban.actions.abilities import Completing, Outcome, completes


@completes("observations.record")
def record_observation(completing: Completing) -> Outcome:
    activity = str(completing.data["activity"])
    return Outcome(variables=completing.data, said={"activity": activity}, activity=activity)
