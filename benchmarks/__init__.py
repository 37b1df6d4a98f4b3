"""What one step costs in each arithmetic, beside plain loops in the same run: `python -m benchmarks`."""
