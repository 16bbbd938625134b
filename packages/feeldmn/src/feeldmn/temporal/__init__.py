"""Dates, times and durations of FEEL, with years and fractions wider than Python's own types hold."""

from feeldmn.temporal.durations import DaysTimeDuration, YearsMonthsDuration
from feeldmn.temporal.points import Date, DateTime, Time
from feeldmn.temporal.zones import Zone

__all__ = ["Date", "DateTime", "DaysTimeDuration", "Time", "YearsMonthsDuration", "Zone"]
