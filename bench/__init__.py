"""Measurements on real parts: each figure beside a rival's of the same run."""
