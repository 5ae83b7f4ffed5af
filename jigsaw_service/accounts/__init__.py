"""Accounts: what becomes of them when somebody is deleted, renamed or merged."""
