"""What the figures in docs/benchmarks.md come from: each benchmark beside a reference measured in the same run."""
