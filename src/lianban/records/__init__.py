"""What is remembered: PostgreSQL tables, queries, row-level policies."""
