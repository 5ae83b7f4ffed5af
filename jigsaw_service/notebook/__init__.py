"""`%jigsaw` in notebooks: runs in people's kernels, beside their own code.

Nothing here imports the service, asks the network or writes a file.
"""
