"""FEEL and DMN by the standard."""
