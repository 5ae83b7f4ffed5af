"""Sharing: grants, links, copies that are collected, and transfers."""
