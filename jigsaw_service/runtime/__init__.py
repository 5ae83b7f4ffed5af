"""Runtime, for every room to use: settings, limits, logs, tasks and the process."""
