"""What may be done: one verb a file; check, change, record, in one transaction."""
