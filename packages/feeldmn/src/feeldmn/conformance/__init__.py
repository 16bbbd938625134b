"""The DMN Technology Compatibility Kit run against this library.

`python -m feeldmn.conformance DIRECTORY` prints the results; DIRECTORY holds `compliance-level-2` and
`compliance-level-3` of the kit (https://github.com/dmn-tck/tck).
"""

from feeldmn.conformance.cases import Case, Expected, read_cases
from feeldmn.conformance.run import CaseResult, LevelResult, run_level

__all__ = ["Case", "CaseResult", "Expected", "LevelResult", "read_cases", "run_level"]
