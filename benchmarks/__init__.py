"""Speed and memory, measured side by side with other simulators in one run."""
