"""How to compute: small pure libraries. No Django, no network, no wall clock; files only by paths handed in."""
