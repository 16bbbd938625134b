"""DMN models: read, compiled, evaluated."""

from feeldmn.dmn.decisions import BusinessKnowledge, Decision, DecisionService
from feeldmn.dmn.elements import InputData
from feeldmn.dmn.model import Model
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
