"""How results are written: documents, tables, the line that monitors read."""
