"""From the broker to the tables: fetch, decode, check, store in one transaction, acknowledge."""
