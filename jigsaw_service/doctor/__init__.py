"""Diagnosis of a set-up: its faults, found by name, each with the line that mends it."""
