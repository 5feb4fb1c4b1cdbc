"""What labelling costs: counted in the recorded histories of executions, with the prices of `imagelabels_shared`."""
