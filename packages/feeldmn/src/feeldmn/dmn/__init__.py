"""DMN models: read, compiled, evaluated."""

from feeldmn.dmn.model import BusinessKnowledge, Decision, DecisionService, InputData, Model
from feeldmn.dmn.reader import models_in, read_dmn

__all__ = [
    "BusinessKnowledge",
    "Decision",
    "DecisionService",
    "InputData",
    "Model",
    "models_in",
    "read_dmn",
]
