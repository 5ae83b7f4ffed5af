"""What every room may use: settings, limits, logs, tasks and the process."""
