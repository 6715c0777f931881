"""The files of `install-service`, one for each system; marks in them stand for the command."""
