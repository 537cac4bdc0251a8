"""Search: one port, two adapters (PostgreSQL and Meilisearch), one contract."""
