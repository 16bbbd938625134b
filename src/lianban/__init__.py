"""联办 Lianban: one kernel on which courts and the agencies that help them handle a matter together."""

__version__ = "0.1.0"
