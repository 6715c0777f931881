"""The configuration: model, layers, errors with file and line, and the assembly of the running parts."""
