"""Blockly's JSON: workspaces as `Blockly.serialization` saves and loads them, from XML and back."""
