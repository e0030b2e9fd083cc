"""What is wrong with data: the one type of finding, and the registry of codes."""

from __future__ import annotations

from orderbridge.problem.codes import CODES, Code
from orderbridge.problem.problem import LEVELS, Evidence, Problem, Severity

__all__ = ["CODES", "LEVELS", "Code", "Evidence", "Problem", "Severity"]
