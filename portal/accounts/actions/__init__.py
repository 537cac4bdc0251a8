"""Changing accounts: each action is one transaction with its audit record and its mails."""
